import { coreServices, createBackendPlugin } from '@backstage/backend-plugin-api';
import { readGroupNames } from '@berth/backstage-plugin-berth-common';
import { createRouter } from './router';

/** Serves `/api/berth/v1`: the few routes of Berth that its card and page call. */
export const berthPlugin = createBackendPlugin({
  pluginId: 'berth',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        http: coreServices.httpRouter,
        httpAuth: coreServices.httpAuth,
        userInfo: coreServices.userInfo,
      },
      async init({ config, http, httpAuth, userInfo }) {
        http.use(
          createRouter({
            baseUrl: config.getString('berth.baseUrl').replace(/\/+$/, ''),
            token: config.getOptionalString('berth.token'),
            groups: readGroupNames(config),
            httpAuth,
            userInfo,
          }),
        );
      },
    });
  },
});
