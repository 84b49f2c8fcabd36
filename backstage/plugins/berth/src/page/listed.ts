import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { IdentityApi } from '@backstage/frontend-plugin-api';
import type { catalogApiRef } from '@backstage/plugin-catalog-react';
import { type BerthClient, ENVIRONMENT_ID_ANNOTATION } from '@berth/backstage-plugin-berth-common';
import type { EnvironmentSummary } from '@berth/backstage-plugin-berth-common';

type CatalogApi = typeof catalogApiRef.T;

/** An environment and, where the catalog has it already, its entity. */
export interface Row extends EnvironmentSummary {
  entityRef?: string;
}

export interface Listed {
  rows: Row[];
  /** A team of the reader's, by who owns the entities. */
  ownTeam?: string;
}

/** Reads all environments from Berth, and from the catalog what they are called there and whose they are. */
export async function readListed(
  client: BerthClient,
  catalog: CatalogApi,
  identity: IdentityApi,
  signal: AbortSignal,
): Promise<Listed> {
  const [environments, entities, { ownershipEntityRefs }] = await Promise.all([
    collect(client.listEnvironments({}, { signal })),
    readEntities(catalog),
    identity.getBackstageIdentity(),
  ]);
  const rows = environments.map(one => {
    const entity = entities.get(one.id);
    return { ...one, entityRef: entity && stringifyEntityRef(entity) };
  });
  const own = rows.find(({ id }) =>
    entities.get(id)?.relations?.some(({ type, targetRef }) => type === 'ownedBy' && ownershipEntityRefs.includes(targetRef)),
  );
  return { rows, ownTeam: own?.team };
}

/** Lists the teams that have environments, and the one that is asked for. */
export function teamsOf(listed: Listed, asked: string, all: string): string[] {
  const teams = new Set([...listed.rows.map(({ team }) => team), asked]);
  teams.delete(all);
  return [...teams].sort();
}

async function readEntities(catalog: CatalogApi): Promise<Map<string, Entity>> {
  const found = new Map<string, Entity>();
  const filter = { kind: 'Resource', 'spec.type': ['ecs-environment', 'eks-environment'] };
  const fields = ['kind', 'metadata', 'relations'];
  let answer = await catalog.queryEntities({ filter, fields, limit: 500 });
  for (;;) {
    for (const entity of answer.items) {
      const id = entity.metadata.annotations?.[ENVIRONMENT_ID_ANNOTATION];
      if (id) found.set(id, entity);
    }
    if (!answer.pageInfo.nextCursor) return found;
    answer = await catalog.queryEntities({ cursor: answer.pageInfo.nextCursor, fields, limit: 500 });
  }
}

async function collect<T>(given: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const one of given) items.push(one);
  return items;
}
