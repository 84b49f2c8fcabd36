import { InputError } from '@backstage/errors';
import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { ACCEPTED_OUTPUT, giveAccepted } from './accepted';
import { clientFor, idempotencyKeyFor } from './calling';

const ID = 'berth:environment:preview';

/** Begins a preview of a new environment, or of one that exists. */
export function createPreviewAction(config: Config) {
  return createTemplateAction({
    id: ID,
    description: 'Begins a preview: of a new environment by its request, or of an existing one by its id',
    schema: {
      input: {
        request: z => z.record(z.string(), z.any()).optional().describe('The request of a new environment'),
        environmentId: z => z.string().optional().describe('An environment that exists'),
      },
      output: ACCEPTED_OUTPUT,
    },
    async handler(ctx) {
      const { request, environmentId } = ctx.input;
      const client = clientFor(config, ctx);
      const options = { idempotencyKey: idempotencyKeyFor(ID, ctx), signal: ctx.signal };
      if (request && !environmentId) {
        giveAccepted(ctx, await client.createEnvironment(request, 'preview', options));
      } else if (environmentId && !request) {
        giveAccepted(ctx, await client.startOperation(environmentId, 'preview', options));
      } else {
        throw new InputError('give either request or environmentId');
      }
    },
  });
}
