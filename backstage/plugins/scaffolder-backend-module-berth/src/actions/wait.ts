import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  type BerthClient,
  followOperation,
  type Operation,
  type OperationState,
  type RecordedEvent,
} from '@berth/backstage-plugin-berth-common';
import { clientFor } from './calling';

/** How long the log of a task stays silent at most; Backstage gives a silent stream up after 45 to 60 s. */
const HEARTBEAT_MS = 10_000;
const DEFAULT_TIMEOUT_MINUTES = 180;

/** Follows an operation to its end, or to where people have to approve its plan. */
export function createWaitAction(config: Config) {
  return createTemplateAction({
    id: 'berth:environment:wait',
    description: 'Waits for an operation and logs what it does; a task that is taken up again goes on waiting',
    schema: {
      input: {
        operationId: z => z.string().describe('The operation'),
        until: z =>
          z.enum(['ended', 'approval']).default('ended').describe('`approval` also returns where its plan awaits one'),
        timeoutMinutes: z => z.number().positive().default(DEFAULT_TIMEOUT_MINUTES).describe('Then the step fails'),
      },
      output: {
        state: z => z.string().describe("The operation's state"),
        environmentId: z => z.string().describe("The environment's id"),
        planDigest: z => z.string().optional().describe('The plan to approve, where it awaits approval'),
        changes: z => z.record(z.string(), z.number()).optional().describe('Resources by what became of them'),
      },
    },
    async handler(ctx) {
      const client = clientFor(config, ctx);
      const { operationId } = ctx.input;
      const timeoutMs = (ctx.input.timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES) * 60_000;
      const operation = await follow(client, operationId, {
        logger: ctx.logger,
        stopsAtApproval: ctx.input.until === 'approval',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(ctx.signal ? [ctx.signal] : [])]),
      });
      ctx.output('state', operation.state);
      ctx.output('environmentId', operation.environment_id);
      if (operation.changes) ctx.output('changes', { ...operation.changes });
      if (operation.state === 'awaiting_approval') {
        ctx.output('planDigest', (await client.getPlan(operationId)).digest);
      } else if (operation.state !== 'succeeded') {
        throw new Error(describeEnd(operation));
      }
    },
  });
}

interface Following {
  logger: LoggerService;
  stopsAtApproval: boolean;
  signal: AbortSignal;
}

async function follow(client: BerthClient, operationId: string, following: Following): Promise<Operation> {
  const { logger, signal } = following;
  const startedAt = Date.now();
  let state: OperationState = (await client.getOperation(operationId, { signal })).state;
  const heartbeat = setInterval(() => {
    logger.info(`${operationId} is ${state} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
  }, HEARTBEAT_MS);
  try {
    const onLost = (error: unknown) => logger.warn(`The connection to Berth was lost, trying again: ${error}`);
    for await (const event of followOperation(client, operationId, { signal, onLost })) {
      if (!('payload' in event)) break;
      const line = describeEvent(event);
      if (line) logger.info(line);
      if (event.payload.type === 'state_changed') state = event.payload.state as OperationState;
      if (following.stopsAtApproval && state === 'awaiting_approval') break;
    }
  } finally {
    clearInterval(heartbeat);
  }
  return client.getOperation(operationId);
}

function describeEvent({ payload }: RecordedEvent): string | undefined {
  switch (payload.type) {
    case 'state_changed':
      return payload.message ? `${payload.state}: ${payload.message}` : payload.state;
    case 'resource_finished':
      return payload.action === 'same' ? undefined : `${payload.action} ${payload.resource_type} ${payload.name}`;
    case 'resource_failed':
      return `failed to ${payload.action} ${payload.resource_type} ${payload.name}`;
    case 'diagnostic':
      return payload.severity === 'error' ? payload.message : undefined;
    default:
      return undefined;
  }
}

function describeEnd(operation: Operation): string {
  const failure = operation.failure;
  const reason = failure ? [`${failure.code}: ${failure.message}`, ...(failure.hint ? [failure.hint] : [])] : [];
  return [`The ${operation.kind} ${operation.id} has ended as ${operation.state}`, ...reason].join('\n');
}
