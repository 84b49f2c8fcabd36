import { coreServices, createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { BerthClient } from '@berth/backstage-plugin-berth-common';
import { readConventions, readSchedule } from './conventions';
import { BerthEntityProvider } from './provider';
import { createWebhookRouter, WEBHOOK_PATH } from './webhook';

/** Adds Berth's environments to the catalog: all of them by schedule, one at once by webhook. */
export const catalogModuleBerth = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'berth',
  register(env) {
    env.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        http: coreServices.httpRouter,
        logger: coreServices.logger,
        scheduler: coreServices.scheduler,
      },
      async init({ catalog, config, http, logger, scheduler }) {
        const client = new BerthClient({
          baseUrl: config.getString('berth.baseUrl'),
          token: config.getOptionalString('berth.token'),
        });
        const schedule = scheduler.createScheduledTaskRunner(readSchedule(config));
        const provider = new BerthEntityProvider(client, readConventions(config), schedule, logger);
        catalog.addEntityProvider(provider);

        const secrets = config.getOptionalStringArray('berth.catalog.webhookSecrets') ?? [];
        if (secrets.length) {
          http.use(createWebhookRouter(secrets, named => provider.refreshOne(named), logger));
          http.addAuthPolicy({ path: WEBHOOK_PATH, allow: 'unauthenticated' });
        }
      },
    });
  },
});
