import { randomUUID } from 'node:crypto';
import { inject, test } from 'vitest';
import { BerthClient } from '@berth/backstage-plugin-berth-common';
import { minimalRequest } from './requests';
import { Task } from './scaffolder';

const berthUrl = inject('berthUrl');
// Well-formed, and nobody's.
const NOBODY = 'env_0192f0c1a7b87c3d9e5f60718293a4b5';
const berth = new BerthClient({ baseUrl: berthUrl });

test('A task creates, waits, reads outputs, updates, extends and destroys, each step giving to the next', async () => {
  const task = new Task(berthUrl, randomUUID());
  const request = minimalRequest('actions', { class: 'ephemeral' });
  const created = await task.run('create', 'create', { request });
  expect(created.output.state).toBe('queued');
  const { environmentId } = created.output;

  const waited = await task.run('wait', 'wait', { operationId: created.output.operationId });
  expect(waited.output).toMatchObject({ state: 'succeeded', environmentId });
  expect(waited.log).toContain('running');
  expect(waited.log.some(line => line.startsWith('create aws:ecs/service:Service'))).toBe(true);

  const read = await task.run('outputs', 'outputs', { environmentId });
  expect(read.output.url).toMatch(/^http/);
  expect(read.output.isStale).toBe(false);

  const extended = await task.run('extend', 'extend', { environmentId, ttl: 'P5D' });
  expect(Date.parse(extended.output.expiresAt as string)).toBeGreaterThan(Date.now() + 4 * 86_400_000);

  const patch = { tags: { 'cost-centre': '4711' } };
  const updated = await task.run('update', 'update', { environmentId, patch, operation: 'preview' });
  const planned = await task.run('planned', 'wait', { operationId: updated.output.operationId });
  expect(planned.output.state).toBe('succeeded');

  const destroyed = await task.run('destroy', 'destroy', { environmentId });
  await task.run('gone', 'wait', { operationId: destroyed.output.operationId });
  expect((await berth.getEnvironment(environmentId as string)).status).toBe('destroyed');
});

test('A step that is run again has the first effect once more, and another step its own', async () => {
  const task = new Task(berthUrl, randomUUID());
  const request = minimalRequest('again');
  const first = await task.run('preview', 'preview', { request });
  const again = await task.run('preview', 'preview', { request });
  expect(again.output).toEqual(first.output);

  const { environmentId } = first.output;
  const patch = { tags: { 'cost-centre': '4711' } };
  const changed = await task.run('update', 'update', { environmentId, patch, operation: 'preview' });
  expect((await task.run('update', 'update', { environmentId, patch, operation: 'preview' })).output).toEqual(
    changed.output,
  );
  expect((await task.run('other', 'preview', { environmentId })).output.operationId).not.toBe(
    first.output.operationId,
  );
  await expect(new Task(berthUrl, randomUUID()).run('preview', 'preview', { request })).rejects.toThrow(
    'environment_exists',
  );
});

test('A plan that awaits approval is given out by its digest, and goes on when that is approved', async () => {
  const task = new Task(berthUrl, randomUUID());
  const created = await task.run('create', 'create', { request: minimalRequest('careful', { class: 'production' }) });
  const { operationId, environmentId } = created.output;
  const planned = await task.run('plan', 'wait', { operationId, until: 'approval' });
  expect(planned.output.state).toBe('awaiting_approval');

  await expect(task.run('wrong', 'approve', { operationId, digest: '0'.repeat(64) })).rejects.toThrow('plan_changed');
  const approved = await task.run('approve', 'approve', { operationId, digest: planned.output.planDigest });
  expect(approved.output.environmentId).toBe(environmentId);
  expect((await task.run('wait', 'wait', { operationId })).output.state).toBe('succeeded');
});

test('What Berth refuses fails the step with the code, the place and the hint', async () => {
  const task = new Task(berthUrl, randomUUID());
  const request = minimalRequest('wrong', { colour: 'red' });
  await expect(task.run('create', 'create', { request })).rejects.toThrow(/invalid_request[\s\S]*\/colour/);
  await expect(task.run('preview', 'preview', {})).rejects.toThrow('give either request or environmentId');
  await expect(task.run('outputs', 'outputs', { environmentId: NOBODY })).rejects.toThrow('environment_not_found');
});
