import type { Config } from '@backstage/config';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { clientFor } from './calling';

/** Reads what an environment gives to the world: addresses, names, ARNs. */
export function createOutputsAction(config: Config) {
  return createTemplateAction({
    id: 'berth:environment:outputs',
    description: "Reads an environment's outputs; a secret one is {secret: true}",
    schema: {
      input: { environmentId: z => z.string().describe("The environment's id") },
      output: {
        outputs: z => z.record(z.string(), z.any()).describe('The outputs by name'),
        url: z => z.string().optional().describe("The output `url`: the environment's public address, if it has one"),
        isStale: z => z.boolean().describe('Whether a later operation failed: the outputs are older'),
      },
    },
    async handler(ctx) {
      const { items, is_stale } = await clientFor(config, ctx).listOutputs(ctx.input.environmentId, {
        signal: ctx.signal,
      });
      const outputs = Object.fromEntries(items.map(({ name, value }) => [name, value]));
      ctx.logger.info(`Outputs: ${Object.keys(outputs).join(', ') || 'none'}`);
      ctx.output('outputs', outputs);
      if (typeof outputs.url === 'string') ctx.output('url', outputs.url);
      ctx.output('isStale', is_stale);
    },
  });
}
