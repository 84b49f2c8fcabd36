import { type BerthClient, BerthError } from '@berth/backstage-plugin-berth-common';
import type { Environment, Output, References } from '@berth/backstage-plugin-berth-common';

/** All that an entity is made of. */
export interface EnvironmentFacts {
  environment: Environment;
  outputs: readonly Output[];
  references: References;
}

const AT_ONCE = 8;

/** Reads one environment; undefined where there is none, or none any more. */
export async function readFacts(client: BerthClient, environmentId: string): Promise<EnvironmentFacts | undefined> {
  try {
    const [environment, outputs, references] = await Promise.all([
      client.getEnvironment(environmentId),
      client.listOutputs(environmentId),
      client.getReferences(environmentId),
    ]);
    return environment.status === 'destroyed' ? undefined : { environment, outputs: outputs.items, references };
  } catch (error) {
    if (error instanceof BerthError && error.status === 404) return undefined;
    throw error;
  }
}

/** Reads every living environment, page by page and a few at a time. */
export async function readAllFacts(client: BerthClient): Promise<EnvironmentFacts[]> {
  const found: EnvironmentFacts[] = [];
  let ids: string[] = [];
  const readBatch = async () => {
    const read = await Promise.all(ids.map(id => readFacts(client, id)));
    found.push(...read.filter(one => one !== undefined));
    ids = [];
  };
  for await (const { id } of client.listEnvironments()) {
    ids.push(id);
    if (ids.length === AT_ONCE) await readBatch();
  }
  await readBatch();
  return found;
}
