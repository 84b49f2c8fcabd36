import { createHash } from 'node:crypto';
import type { Config } from '@backstage/config';
import { BerthClient } from '@berth/backstage-plugin-berth-common';

/** The parts of an action's context that say who calls, and in which step of which task. */
export interface CallingContext {
  task: { id: string };
  step?: { id?: string };
  each?: { [member: string]: unknown };
  user?: { ref?: string };
  signal?: AbortSignal;
}

/** Makes the client for one run of an action; Berth records the task's user beside the token's own name. */
export function clientFor(config: Config, context: CallingContext): BerthClient {
  return new BerthClient({
    baseUrl: config.getString('berth.baseUrl'),
    token: config.getOptionalString('berth.token'),
    onBehalfOf: context.user?.ref,
  });
}

/**
 * Names a mutating call by its task and step, and by the iteration where the step has `each`: a task that is taken
 * up again after a restart gets the first answer once more instead of a second environment.
 */
export function idempotencyKeyFor(action: string, context: CallingContext): string {
  const place = [action, context.task.id, context.step?.id ?? '', context.each?.key ?? ''];
  return `backstage-${createHash('sha256').update(JSON.stringify(place)).digest('hex')}`;
}
