import { coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import type { ResourceEntity } from '@backstage/catalog-model';
import scaffolderEntityModel from '@backstage/plugin-catalog-backend-module-scaffolder-entity-model';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import { Webhook } from 'standardwebhooks';
import { beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { BerthClient, followOperation } from '@berth/backstage-plugin-berth-common';
import scaffolderModuleBerth from '@berth/backstage-plugin-scaffolder-backend-module-berth';
import { Backstage, fileLocation, ORGANISATION, relationsOf } from './backstage';
import { minimalRequest } from './requests';
import { subscribe } from './webhooks';

const berth = new BerthClient({ baseUrl: inject('berthUrl') });
const scheduler = mockServices.scheduler();
/** Teams of whose environments Berth tells this Backstage; of the others it learns by schedule alone. */
const TOLD = ['hooked', 'templates'];
const TEMPLATE = 'template:default/berth-ecs-environment';

let backstage: Backstage;
let secret: string;

beforeAll(async () => {
  const subscriptions = await Promise.all(TOLD.map(team => subscribe(inject('berthUrl'), team)));
  secret = subscriptions[0]?.secret ?? '';
  backstage = await Backstage.start({
    scheduler: createServiceFactory({ service: coreServices.scheduler, deps: {}, factory: () => scheduler }),
    catalog: {
      ...ORGANISATION,
      locations: [...ORGANISATION.locations, fileLocation('../../examples/backstage/ecs-template.yaml')],
    },
    berth: {
      publicUrl: 'https://berth.example.com/',
      groups: { byTeam: { web: 'group:default/web-guild' } },
      catalog: { system: 'sandbox', webhookSecrets: subscriptions.map(one => one.secret).reverse() },
    },
    features: [scaffolderEntityModel, scaffolderPlugin, scaffolderModuleBerth],
  });
  const address = `${backstage.url.replace('localhost', '127.0.0.1')}/api/catalog/berth/webhook`;
  await Promise.all(subscriptions.map(one => one.sendTo(address)));
});

describe('By schedule', () => {
  test('An environment is a resource with its owner, system, links and where it is managed', async () => {
    const id = await deploy(minimalRequest('mapped', { tags: { system: 'shop' }, class: 'ephemeral' }));
    await readAll();
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
    await readAll();
    const entity = await backstage.entity('web.cart', one => relationsOf(one, 'dependsOn').length > 0);
    expect(relationsOf(entity, 'dependsOn')).toEqual(['resource:default/web.orders']);
    expect(relationsOf(entity, 'ownedBy')).toEqual(['group:default/web-guild']);
    expect(relationsOf(entity, 'partOf')).toEqual(['system:default/sandbox']);
  });

  test('An environment that is destroyed leaves the catalog', async () => {
    const { environment } = await berth.createEnvironment(minimalRequest('fleeting'), 'preview');
    await readAll();
    await backstage.entity('storefront.fleeting');
    const { operation } = await berth.startOperation(environment.id, 'destroy');
    await end(operation.id);
    await readAll();
    await backstage.isGone('storefront.fleeting');
  });
});

describe('By webhook', () => {
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

describe('By template', () => {
  test("A form that is filled in becomes a ready environment, and an entity with the environment's address", async () => {
    await backstage.exists(TEMPLATE);
    const { id } = await backstage.call<{ id: string }>('/api/scaffolder/v2/tasks', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        templateRef: TEMPLATE,
        values: {
          name: 'filled-in',
          team: 'group:default/templates',
          class: 'ephemeral',
          workloads: [{ name: 'web', image: 'public.ecr.aws/nginx/nginx:1.27', ports: [{ port: 80 }], public: {} }],
        },
      }),
    });
    const task = await vi.waitFor(
      async () => {
        const { status } = await backstage.call<{ status: string }>(`/api/scaffolder/v2/tasks/${id}`);
        if (status === 'open' || status === 'processing') throw new Error(`the task is ${status}`);
        return { status };
      },
      { timeout: 120_000, interval: 250 },
    );
    const events = await backstage.call<TaskEvent[]>(`/api/scaffolder/v2/tasks/${id}/events`);
    expect(task.status, events.map(({ body }) => body.message).join('\n')).toBe('completed');
    const { environmentId, outputs, links } = outputOf(events);

    const environment = await berth.getEnvironment(environmentId);
    expect(environment).toMatchObject({ team: 'templates', name: 'filled-in', class: 'ephemeral', status: 'ready' });
    expect(links.map(link => link.url)).toEqual([outputs.url]);
    const entity = await backstage.entity('templates.filled-in', hasAddress);
    expect(entity.metadata.links).toContainEqual(expect.objectContaining({ title: 'url', url: outputs.url }));
    expect(entity.metadata.annotations?.['berth.dev/environment-id']).toBe(environment.id);
  });
});

interface TaskOutput {
  environmentId: string;
  outputs: { url: string };
  links: { url: string }[];
}

interface TaskEvent {
  body: { message: string; output?: TaskOutput };
}

/** Does at once what the schedule does. */
const readAll = () => scheduler.triggerTask('berth-environments');

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

function outputOf(events: TaskEvent[]): TaskOutput {
  const output = events.find(({ body }) => body.output)?.body.output;
  if (!output) throw new Error('the task has given nothing');
  return output;
}

function hasAddress({ metadata }: ResourceEntity): boolean {
  return metadata.links?.some(({ title }) => title === 'url') ?? false;
}
