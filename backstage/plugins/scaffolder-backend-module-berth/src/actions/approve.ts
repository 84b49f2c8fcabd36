import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { ACCEPTED_OUTPUT, giveAccepted } from './accepted';
import { clientFor, idempotencyKeyFor } from './calling';

const ID = 'berth:environment:approve';

/** Agrees to the plan of an operation that awaits approval. */
export function createApproveAction(config: Config) {
  return createTemplateAction({
    id: ID,
    description: 'Approves the plan of an operation: exactly the one that its digest names',
    schema: {
      input: {
        operationId: z => z.string().describe('The operation that awaits approval'),
        digest: z => z.string().describe("The plan's digest, as berth:environment:wait gives it"),
        comment: z => z.string().optional().describe('Why; it is recorded'),
      },
      output: ACCEPTED_OUTPUT,
    },
    async handler(ctx) {
      const { operationId, digest, comment } = ctx.input;
      const word = { digest, ...(comment ? { comment } : {}) };
      const accepted = await clientFor(config, ctx).approveOperation(operationId, word, {
        idempotencyKey: idempotencyKeyFor(ID, ctx),
        signal: ctx.signal,
      });
      giveAccepted(ctx, accepted);
    },
  });
}
