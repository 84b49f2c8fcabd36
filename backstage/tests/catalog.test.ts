import { beforeAll, describe, expect, inject, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { BerthClient, followOperation } from '@berth/backstage-plugin-berth-common';
import { Backstage, relationsOf } from './backstage';
import { minimalRequest } from './requests';
import { subscribe } from './webhooks';

const berth = new BerthClient({ baseUrl: inject('berthUrl') });
const NEVER = { frequency: { days: 1 }, timeout: { minutes: 1 }, initialDelay: { days: 1 } };

describe('By schedule', () => {
  let backstage: Backstage;

  beforeAll(async () => {
    backstage = await Backstage.start({
      berth: {
        publicUrl: 'https://berth.example.com/',
        groups: { byTeam: { web: 'group:default/web-guild' } },
        catalog: {
          schedule: { frequency: { seconds: 1 }, timeout: { minutes: 1 } },
          system: 'sandbox',
        },
      },
    });
  });

  test('An environment is a resource with its owner, system, links and where it is managed', async () => {
    const id = await deploy(minimalRequest('mapped', { tags: { system: 'shop' }, class: 'ephemeral' }));
    const entity = await backstage.entity('storefront.mapped', one => (one.metadata.links?.length ?? 0) > 1);
    expect(entity.spec).toMatchObject({ type: 'ecs-environment', owner: 'group:default/storefront', system: 'shop' });
    expect(entity.metadata).toMatchObject({ title: 'storefront/mapped', tags: ['ecs', 'ephemeral'] });
    const page = `https://berth.example.com/v1/environments/${id}`;
    expect(entity.metadata.annotations).toMatchObject({
      'berth.dev/environment-id': id,
      'berth.dev/team': 'storefront',
      'berth.dev/class': 'ephemeral',
      'berth.dev/console-url': expect.stringMatching(/^https:\/\/us-east-1\.console\.aws\.amazon\.com\/ecs\//),
      'backstage.io/managed-by-location': `url:${page}`,
    });
    const { items } = await berth.listOutputs(id);
    const url = items.find(one => one.name === 'url')?.value;
    expect(entity.metadata.links).toContainEqual(expect.objectContaining({ url, title: 'url', type: 'environment' }));
    expect(entity.metadata.links).toContainEqual(expect.objectContaining({ url: page, title: 'Berth' }));
    expect(entity.metadata.links).toContainEqual(
      expect.objectContaining({ title: 'AWS console: web logs', type: 'console' }),
    );
  });

  test('An environment depends on those whose outputs its request names', async () => {
    await deploy(minimalRequest('orders', { team: 'web' }));
    const workload = {
      name: 'web',
      image: 'public.ecr.aws/nginx/nginx:1.27',
      env: { ORDERS_URL: '${environments.orders.outputs.url}' },
    };
    await berth.createEnvironment(minimalRequest('cart', { team: 'web', workloads: [workload] }), 'preview');
    const entity = await backstage.entity('web.cart', one => relationsOf(one, 'dependsOn').length > 0);
    expect(relationsOf(entity, 'dependsOn')).toEqual(['resource:default/web.orders']);
    expect(relationsOf(entity, 'ownedBy')).toEqual(['group:default/web-guild']);
    expect(relationsOf(entity, 'partOf')).toEqual(['system:default/sandbox']);
  });

  test('An environment that is destroyed leaves the catalog', async () => {
    const { environment } = await berth.createEnvironment(minimalRequest('fleeting'), 'preview');
    await backstage.entity('storefront.fleeting');
    await berth.startOperation(environment.id, 'destroy');
    await backstage.isGone('storefront.fleeting');
  });
});

describe('By webhook', () => {
  let backstage: Backstage;
  let secret: string;

  beforeAll(async () => {
    const subscription = await subscribe(inject('berthUrl'), 'hooked');
    secret = subscription.secret;
    const catalog = { schedule: NEVER, webhookSecrets: [new Array(32).fill('A').join(''), secret] };
    backstage = await Backstage.start({ berth: { catalog } });
    await subscription.sendTo(`${backstage.url.replace('localhost', '127.0.0.1')}/api/catalog/berth/webhook`);
  });

  test("Berth's own events bring an environment, its address, and its end", async () => {
    const id = await deploy(minimalRequest('told', { team: 'hooked' }));
    await backstage.entity('hooked.told', one => one.metadata.links?.some(link => link.title === 'url') ?? false);
    await berth.startOperation(id, 'destroy');
    await backstage.isGone('hooked.told');
  });

  test('A late event of one that is gone leaves its successor of the same name', async () => {
    const { environment: first } = await berth.createEnvironment(minimalRequest('again', { team: 'hooked' }), 'preview');
    const { operation } = await berth.startOperation(first.id, 'destroy');
    await end(operation.id);
    await backstage.isGone('hooked.again');
    const second = await berth.createEnvironment(minimalRequest('again', { team: 'hooked' }), 'preview');
    await end(second.operation.id);
    const body = JSON.stringify({ type: 'operation.succeeded', data: eventOf(first.id, 'again') });
    expect((await send(body, secret)).status).toBe(204);
    const entity = await backstage.entity('hooked.again');
    expect(entity.metadata.annotations?.['berth.dev/environment-id']).toBe(second.environment.id);
  });

  test('What Berth has not signed is refused, and a ping is not', async () => {
    const body = JSON.stringify({ type: 'ping', data: {} });
    expect((await send(body, secret)).status).toBe(204);
    expect((await send(body, 'whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCwgMzIgYnl0ZXM=')).status).toBe(401);
    expect((await send(body, secret, { sentBody: body.replace('ping', 'pong') })).status).toBe(401);
    expect((await send(body, secret, { at: new Date(Date.now() - 600_000) })).status).toBe(401);
    expect((await post(body, {})).status).toBe(401);
  });

  test('What cannot be read is answered so that Berth sends it again', async () => {
    const body = JSON.stringify({ type: 'operation.succeeded', data: { ...eventOf('env_1', 'x'), team: 'No team!' } });
    expect((await send(body, secret)).status).toBe(503);
  });

  function post(body: string, headers: Record<string, string>): Promise<Response> {
    return fetch(`${backstage.url}/api/catalog/berth/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  }

  function send(body: string, key: string, { sentBody = body, at = new Date() } = {}): Promise<Response> {
    return post(sentBody, {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(key).sign('evt_1', at, body),
    });
  }
});

function eventOf(id: string, name: string) {
  return { environment_id: id, team: 'hooked', environment: name };
}

async function deploy(request: Record<string, unknown>): Promise<string> {
  const { environment, operation } = await berth.createEnvironment(request, 'deploy');
  expect(await end(operation.id)).toBe('succeeded');
  return environment.id;
}

async function end(operationId: string): Promise<string> {
  for await (const event of followOperation(berth, operationId)) if (!('payload' in event)) return event.state;
  throw new Error('the events have no end');
}
