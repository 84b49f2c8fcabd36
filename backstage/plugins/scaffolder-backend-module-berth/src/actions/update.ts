import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { ACCEPTED_OUTPUT, giveAccepted } from './accepted';
import { clientFor, idempotencyKeyFor } from './calling';

const ID = 'berth:environment:update';

/** Changes an environment's request and begins the operation that makes it so. */
export function createUpdateAction(config: Config) {
  return createTemplateAction({
    id: ID,
    description: "Changes an environment's request by a JSON merge patch and begins a deploy (or only a preview)",
    schema: {
      input: {
        environmentId: z => z.string().describe("The environment's id"),
        patch: z => z.record(z.string(), z.any()).describe('JSON merge patch (RFC 7396): null removes, lists replace'),
        operation: z => z.enum(['deploy', 'preview']).default('deploy').describe('What to do with it'),
      },
      output: ACCEPTED_OUTPUT,
    },
    async handler(ctx) {
      const { environmentId, patch, operation } = ctx.input;
      const accepted = await clientFor(config, ctx).changeEnvironment(environmentId, patch, operation ?? 'deploy', {
        idempotencyKey: idempotencyKeyFor(ID, ctx),
        signal: ctx.signal,
      });
      giveAccepted(ctx, accepted);
    },
  });
}
