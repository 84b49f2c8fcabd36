import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  /** Berth, which makes ECS and EKS environments. */
  berth: {
    /** Its address, as this backend reaches it. */
    baseUrl: string;
    /** Its address, as people reach it, for links. Absent: `baseUrl`. */
    publicUrl?: string;
    /**
     * A service token of Berth.
     * @visibility secret
     */
    token?: string;
    /** How the catalog calls Berth's teams. */
    groups?: {
      /** Reference of a team's group, `{team}` standing for its name. Default: `group:default/{team}`. */
      pattern?: string;
      /** Groups of teams that are called otherwise, by team. */
      byTeam?: { [team: string]: string };
    };
    catalog?: {
      /** When all environments are read anew. Default: every 30 minutes. */
      schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
      /** The entities' namespace. Default: `default`. */
      namespace?: string;
      /** The system of environments that name none. Absent: they belong to none. */
      system?: string;
      /** The tag of a request that names its system. Default: `system`. */
      systemTag?: string;
      /**
       * Secrets of Berth's webhook endpoint, `whsec_…`; two while one is rotated. Absent: no webhooks are taken.
       * @deepVisibility secret
       */
      webhookSecrets?: string[];
    };
  };
}
