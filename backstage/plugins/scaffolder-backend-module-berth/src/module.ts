import { coreServices, createBackendModule } from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { createBerthActions } from './actions';

/** Adds the actions `berth:environment:*` to the scaffolder. */
export const scaffolderModuleBerth = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'berth',
  register(env) {
    env.registerInit({
      deps: { actions: scaffolderActionsExtensionPoint, config: coreServices.rootConfig },
      async init({ actions, config }) {
        actions.addActions(...createBerthActions(config));
      },
    });
  },
});
