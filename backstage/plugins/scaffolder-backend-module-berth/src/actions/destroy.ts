import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { ACCEPTED_OUTPUT, giveAccepted } from './accepted';
import { clientFor, idempotencyKeyFor } from './calling';

const ID = 'berth:environment:destroy';

/** Begins the removal of every resource of an environment. */
export function createDestroyAction(config: Config) {
  return createTemplateAction({
    id: ID,
    description: 'Begins to destroy an environment; its records stay. A protected one refuses',
    schema: {
      input: { environmentId: z => z.string().describe("The environment's id") },
      output: ACCEPTED_OUTPUT,
    },
    async handler(ctx) {
      const accepted = await clientFor(config, ctx).startOperation(ctx.input.environmentId, 'destroy', {
        idempotencyKey: idempotencyKeyFor(ID, ctx),
        signal: ctx.signal,
      });
      giveAccepted(ctx, accepted);
    },
  });
}
