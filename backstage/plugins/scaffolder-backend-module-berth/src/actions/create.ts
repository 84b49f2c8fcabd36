import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { ACCEPTED_OUTPUT, giveAccepted } from './accepted';
import { clientFor, idempotencyKeyFor } from './calling';

const ID = 'berth:environment:create';

/** Submits a request for a new environment and its deploy. */
export function createCreateAction(config: Config) {
  return createTemplateAction({
    id: ID,
    description: 'Creates an environment and begins its deploy; wait for the operation with berth:environment:wait',
    examples: [
      {
        description: 'Create an ECS environment with one public container',
        example: [
          'steps:',
          '  - id: create',
          `    action: ${ID}`,
          '    input:',
          '      request:',
          '        name: hello',
          '        team: storefront',
          '        orchestrator: ecs',
          '        workloads:',
          '          - {name: web, image: "public.ecr.aws/nginx/nginx:1.27", ports: [{port: 80}], public: {}}',
        ].join('\n'),
      },
    ],
    schema: {
      input: {
        request: z => z.record(z.string(), z.any()).describe('The request document; Berth checks it'),
      },
      output: ACCEPTED_OUTPUT,
    },
    async handler(ctx) {
      const accepted = await clientFor(config, ctx).createEnvironment(ctx.input.request, 'deploy', {
        idempotencyKey: idempotencyKeyFor(ID, ctx),
        signal: ctx.signal,
      });
      giveAccepted(ctx, accepted);
    },
  });
}
