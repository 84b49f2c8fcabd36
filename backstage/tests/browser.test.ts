import { coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import berthBackend from '@berth/backstage-plugin-berth-backend';
import { BerthClient, followOperation } from '@berth/backstage-plugin-berth-common';
import { appServer, bundleApp } from './app/serve';
import { Backstage, ORGANISATION } from './backstage';
import { findChromium, launch } from './browser';
import { minimalRequest } from './requests';

const chromium = findChromium();
const berth = new BerthClient({ baseUrl: inject('berthUrl') });
const JANE = 'user:default/jane';
/** Set to a folder, it gets pictures of what is shown. */
const pictures = process.env.BERTH_PICTURES;

const janeIsOfStorefront = createServiceFactory({
  service: coreServices.userInfo,
  deps: {},
  factory: () => mockServices.userInfo({ ownershipEntityRefs: [JANE, 'group:default/storefront'] }),
});

if (!chromium) console.warn('skipped: the card and the page in a browser (no chromium on PATH)');

describe.skipIf(!chromium)('In Chromium', () => {
  let backstage: Backstage;
  let browser: Browser;
  let page: Page;
  let removeApp: () => Promise<void>;

  beforeAll(async () => {
    const { folder, remove } = await bundleApp();
    removeApp = remove;
    backstage = await Backstage.start({
      catalog: ORGANISATION,
      berth: { catalog: { schedule: { frequency: { seconds: 2 }, timeout: { minutes: 1 } } } },
      features: [
        berthBackend,
        appServer(folder),
        janeIsOfStorefront,
      ],
    });
    browser = await launch(chromium ?? '');
    page = await browser.newPage({ viewport: { width: 1360, height: 900 }, deviceScaleFactor: 1 });
    page.setDefaultTimeout(120_000);
    page.on('pageerror', error => console.error(`in the page: ${error.message}`));
  });

  afterAll(async () => {
    await browser?.close();
    await removeApp?.();
  });

  test('The card shows an environment, with its outputs, and lets it live longer', async () => {
    const request = minimalRequest('shop', { class: 'ephemeral', tags: { system: 'shop' } });
    const { environment } = await deploy(request);
    await open('storefront.shop');
    const card = page.getByRole('main');
    await card.getByText('ready', { exact: true }).waitFor();
    await card.getByRole('link', { name: /elb\.amazonaws\.com/ }).first().waitFor();
    await card.getByText(/, in 3 days/).waitFor();

    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('menuitem', { name: 'For a week from now' }).click();
    await card.getByText(/, in 7 days/).waitFor();
    const told = await fetch(`${inject('berthUrl')}/v1/audit?environment_id=${environment.id}`);
    const { items } = (await told.json()) as { items: { actor: string }[] };
    expect(items[0]?.actor).toBe(`${JANE} via local-developer`);
    await picture('backstage-card');
  });

  test('What is going on is followed live, up to its end', async () => {
    const { operation } = await berth.createEnvironment(minimalRequest('checkout', { class: 'production' }), 'deploy');
    await stateOf(operation.id, 'awaiting_approval');
    await open('storefront.checkout');
    const log = page.getByRole('log');
    await log.getByText('This deploy is awaiting approval').waitFor();
    const { digest } = await berth.getPlan(operation.id);
    await berth.approveOperation(operation.id, { digest });
    await log.getByText(/create aws:/).first().waitFor();
    await picture('backstage-live');
    await page.getByRole('main').getByText('ready', { exact: true }).waitFor();
    expect(await log.count()).toBe(0);
  });

  test('The page lists the environments of a team of the reader, and of others when asked', async () => {
    await deploy(minimalRequest('search', { team: 'web' }));
    await backstage.entity('web.search');
    await page.goto(`${backstage.url}/berth`);
    await page.getByRole('row', { name: /shop/ }).waitFor();
    expect(await page.getByRole('row', { name: /search/ }).count()).toBe(0);
    await picture('backstage-page');
    await page.getByRole('button', { name: /Team/ }).click();
    await page.getByRole('option', { name: 'All teams' }).click();
    await page.getByRole('row', { name: /search/ }).click();
    await page.getByText('web/search').first().waitFor();
  });

  test('Who is not of the team is told so and changes nothing', async () => {
    const { environment } = await deploy(minimalRequest('foreign', { team: 'web', class: 'ephemeral' }));
    await open('web.foreign');
    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('menuitem', { name: 'For a week from now' }).click();
    await page.getByRole('alert').getByText(/only members of group:default\/web/).waitFor();
    expect((await berth.getEnvironment(environment.id)).expires_at).toBe(environment.expires_at);
  });

  test('Where Berth cannot be reached the card says so, and tries again when asked', async () => {
    await page.route('**/api/berth/**', route => route.abort());
    await page.goto(`${backstage.url}/catalog/default/resource/web.foreign`);
    await page.getByText('The environment could not be read').waitFor();
    await page.unroute('**/api/berth/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('main').getByText('ready', { exact: true }).waitFor();
  });

  async function open(name: string): Promise<void> {
    await backstage.entity(name);
    await page.goto(`${backstage.url}/catalog/default/resource/${name}`);
  }

  async function picture(name: string): Promise<void> {
    if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  }
});

async function deploy(request: Record<string, unknown>) {
  const { environment, operation } = await berth.createEnvironment(request, 'deploy');
  await stateOf(operation.id, 'succeeded');
  return { environment: await berth.getEnvironment(environment.id) };
}

/** Returns once an operation has got so far. */
async function stateOf(operationId: string, wanted: string): Promise<void> {
  for await (const event of followOperation(berth, operationId)) {
    const state = 'payload' in event ? event.payload.type === 'state_changed' && event.payload.state : event.state;
    if (state === wanted) return;
  }
  throw new Error(`${operationId} has ended without being ${wanted}`);
}
