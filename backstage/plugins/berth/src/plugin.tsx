import {
  ApiBlueprint,
  createFrontendPlugin,
  createRouteRef,
  discoveryApiRef,
  fetchApiRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityCardBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { ENVIRONMENT_ID_ANNOTATION } from '@berth/backstage-plugin-berth-common';
import { RiShip2Line } from '@remixicon/react';
import { berthApiRef, createBerthApi } from './api';

const rootRouteRef = createRouteRef();

const api = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: berthApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: ({ discoveryApi, fetchApi }) => createBerthApi(discoveryApi, fetchApi),
    }),
});

const environmentCard = EntityCardBlueprint.make({
  name: 'environment',
  params: {
    type: 'content',
    filter: { [`metadata.annotations.${ENVIRONMENT_ID_ANNOTATION}`]: { $exists: true } },
    loader: async () => {
      const { EnvironmentCard } = await import('./card/EnvironmentCard');
      return <EnvironmentCard />;
    },
  },
});

const environmentsPage = PageBlueprint.make({
  params: {
    path: '/berth',
    title: 'Environments',
    icon: <RiShip2Line />,
    routeRef: rootRouteRef,
    loader: async () => {
      const { EnvironmentsPage } = await import('./page/EnvironmentsPage');
      return <EnvironmentsPage />;
    },
  },
});

/** A card on the entity page of an environment, and a page of a team's environments. */
export const berthPlugin = createFrontendPlugin({
  pluginId: 'berth',
  title: 'Environments',
  icon: <RiShip2Line />,
  routes: { root: rootRouteRef },
  extensions: [api, environmentCard, environmentsPage],
});
