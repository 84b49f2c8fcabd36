import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { clientFor, idempotencyKeyFor } from './calling';

const ID = 'berth:environment:extend';

/** Moves the end of an environment that has a time to live. */
export function createExtendAction(config: Config) {
  return createTemplateAction({
    id: ID,
    description: 'Lets an environment live longer, counted from now',
    schema: {
      input: {
        environmentId: z => z.string().describe("The environment's id"),
        ttl: z => z.string().describe('How long from now on: an ISO 8601 duration such as P3D'),
      },
      output: {
        environmentId: z => z.string().describe("The environment's id"),
        expiresAt: z => z.string().describe('When its time is over'),
      },
    },
    async handler(ctx) {
      const { environmentId, ttl } = ctx.input;
      const environment = await clientFor(config, ctx).extendEnvironment(environmentId, ttl, {
        idempotencyKey: idempotencyKeyFor(ID, ctx),
        signal: ctx.signal,
      });
      ctx.logger.info(`${environment.team}/${environment.name} now lives until ${environment.expires_at}`);
      ctx.output('environmentId', environment.id);
      ctx.output('expiresAt', environment.expires_at ?? '');
    },
  });
}
