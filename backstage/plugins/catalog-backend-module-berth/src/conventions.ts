import { readSchedulerServiceTaskScheduleDefinitionFromConfig } from '@backstage/backend-plugin-api';
import type { SchedulerServiceTaskScheduleDefinition } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { type GroupNames, readGroupNames } from '@berth/backstage-plugin-berth-common';

/** How environments are named and placed in the catalog. */
export interface Conventions {
  namespace: string;
  /** Berth's address for people. */
  publicUrl: string;
  groups: GroupNames;
  /** The system of environments whose request names none. */
  system?: string;
  /** The tag of the request that names its system. */
  systemTag: string;
}

const DEFAULT_SCHEDULE: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 30 },
  timeout: { minutes: 15 },
  initialDelay: { seconds: 5 },
};

/** Reads `berth` and `berth.catalog` of the configuration. */
export function readConventions(config: Config): Conventions {
  return {
    namespace: config.getOptionalString('berth.catalog.namespace') ?? 'default',
    publicUrl: (config.getOptionalString('berth.publicUrl') ?? config.getString('berth.baseUrl')).replace(/\/+$/, ''),
    groups: readGroupNames(config),
    system: config.getOptionalString('berth.catalog.system'),
    systemTag: config.getOptionalString('berth.catalog.systemTag') ?? 'system',
  };
}

/** Reads when all environments are read anew. */
export function readSchedule(config: Config): SchedulerServiceTaskScheduleDefinition {
  const schedule = config.getOptionalConfig('berth.catalog.schedule');
  return schedule ? readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule) : DEFAULT_SCHEDULE;
}
