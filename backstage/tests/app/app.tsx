// A Backstage of today's frontend system: the catalog's own pages, and Berth's card and page.
import { ConfigReader } from '@backstage/config';
import { createApp } from '@backstage/frontend-defaults';
import { createFrontendModule, type IdentityApi } from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import '@backstage/ui/css/styles.css';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import berthPlugin from '@berth/backstage-plugin-berth';

const USER = 'user:default/jane';

/** Jane of the team storefront, as the backend of the tests takes her word for it. */
const jane: IdentityApi = {
  getProfileInfo: async () => ({ displayName: 'Jane' }),
  getBackstageIdentity: async () => ({
    type: 'user',
    userEntityRef: USER,
    ownershipEntityRefs: [USER, 'group:default/storefront'],
  }),
  getCredentials: async () => ({ token: `mock-user-token:${JSON.stringify({ sub: USER })}` }),
  signOut: async () => undefined,
};

const signIn = SignInPageBlueprint.make({
  params: {
    loader: async () =>
      function SignIn({ onSignInSuccess }) {
        useEffect(() => onSignInSuccess(jane), [onSignInSuccess]);
        return null;
      },
  },
});

const config = {
  app: { title: 'Backstage', baseUrl: window.location.origin },
  backend: { baseUrl: window.location.origin },
  organization: { name: 'Example' },
};

const app = createApp({
  features: [catalogPlugin, berthPlugin, createFrontendModule({ pluginId: 'app', extensions: [signIn] })],
  advanced: { configLoader: async () => ({ config: new ConfigReader(config) }) },
});
createRoot(document.getElementById('root') as HTMLElement).render(app.createRoot());
