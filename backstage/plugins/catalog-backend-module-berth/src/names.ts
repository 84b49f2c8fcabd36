import { DEFAULT_NAMESPACE, stringifyEntityRef } from '@backstage/catalog-model';

/**
 * Names the entity of an environment. Team and name are DNS labels of 30 characters at most, so that the name is valid;
 * the dot, which no label has, keeps `a-b` of team `c` and `b` of team `c-a` apart.
 */
export function entityNameOf(team: string, name: string): string {
  return `${team}.${name}`;
}

/** Returns the reference of an environment's entity. */
export function entityRefOf(team: string, name: string, namespace = DEFAULT_NAMESPACE): string {
  return stringifyEntityRef({ kind: 'Resource', namespace, name: entityNameOf(team, name) });
}
