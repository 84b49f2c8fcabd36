import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  ANNOTATION_VIEW_URL,
  type EntityLink,
  type ResourceEntity,
} from '@backstage/catalog-model';
import { ENVIRONMENT_ID_ANNOTATION, groupOf, TEAM_ANNOTATION } from '@berth/backstage-plugin-berth-common';
import type { Environment, Output } from '@berth/backstage-plugin-berth-common';
import type { Conventions } from './conventions';
import type { EnvironmentFacts } from './facts';
import { entityNameOf, entityRefOf } from './names';

/** Makes the catalog's entity of an environment. */
export function entityOf(facts: EnvironmentFacts, conventions: Conventions): ResourceEntity {
  const { environment, outputs, references } = facts;
  const { id, team, name, orchestrator } = environment;
  const pageUrl = `${conventions.publicUrl}/v1/environments/${id}`;
  const consoleUrl = urlsIn(outputs, isConsole).find(([label]) => label === 'cluster')?.[1];
  const system = systemOf(environment, conventions);
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      namespace: conventions.namespace,
      name: entityNameOf(team, name),
      title: `${team}/${name}`,
      description: `${orchestrator.toUpperCase()} environment of team ${team} in ${environment.region}`,
      annotations: {
        [ANNOTATION_LOCATION]: `url:${pageUrl}`,
        [ANNOTATION_ORIGIN_LOCATION]: `url:${pageUrl}`,
        [ANNOTATION_VIEW_URL]: pageUrl,
        [ENVIRONMENT_ID_ANNOTATION]: id,
        [TEAM_ANNOTATION]: team,
        'berth.dev/class': environment.class,
        'berth.dev/account': environment.account,
        'berth.dev/region': environment.region,
        ...(consoleUrl ? { 'berth.dev/console-url': consoleUrl } : {}),
      },
      tags: [orchestrator, environment.class],
      links: linksOf(outputs, pageUrl),
    },
    spec: {
      type: `${orchestrator}-environment`,
      owner: groupOf(team, conventions.groups),
      ...(system ? { system } : {}),
      dependsOn: references.uses.map(used => {
        const [usedTeam = team, usedName = used] = used.split('/');
        return entityRefOf(usedTeam, usedName, conventions.namespace);
      }),
    },
  };
}

function systemOf(environment: Environment, conventions: Conventions): string | undefined {
  const tags = environment.request.tags;
  const named = isObject(tags) ? tags[conventions.systemTag] : undefined;
  return typeof named === 'string' && named ? named : conventions.system;
}

function linksOf(outputs: readonly Output[], pageUrl: string): EntityLink[] {
  return [
    ...urlsIn(outputs, isPublic).map(([label, url]) => ({ url, title: label, icon: 'web', type: 'environment' })),
    { url: pageUrl, title: 'Berth', icon: 'dashboard', type: 'berth' },
    ...urlsIn(outputs, isConsole).map(([label, url]) => ({
      url,
      title: `AWS console: ${label.replaceAll('_', ' ')}`,
      icon: 'cloud',
      type: 'console',
    })),
  ];
}

const isPublic = (output: string) => /(^|_)urls?$/.test(output);
const isConsole = (output: string) => output === 'console_links';

/** Finds web addresses in outputs, with a label each: of an output that is an object, each of its members. */
function urlsIn(outputs: readonly Output[], isWanted: (output: string) => boolean): [label: string, url: string][] {
  return outputs
    .filter(({ name }) => isWanted(name))
    .flatMap(({ name, value }): [string, unknown][] => (isObject(value) ? Object.entries(value) : [[name, value]]))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && /^https?:\/\//.test(entry[1]));
}

function isObject(value: unknown): value is { [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
