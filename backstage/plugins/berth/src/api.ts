import { createApiRef, type DiscoveryApi, type FetchApi } from '@backstage/frontend-plugin-api';
import { BerthClient } from '@berth/backstage-plugin-berth-common';

/** Reaches Berth through Backstage's backend, in the name of who is signed in. */
export interface BerthApi {
  client(): Promise<BerthClient>;
}

export const berthApiRef = createApiRef<BerthApi>({ id: 'plugin.berth.api' });

/** Makes the API out of Backstage's own: they find the backend and prove who calls. */
export function createBerthApi(discoveryApi: DiscoveryApi, fetchApi: FetchApi): BerthApi {
  return {
    client: async () =>
      new BerthClient({
        baseUrl: await discoveryApi.getBaseUrl('berth'),
        fetch: (input, init) => fetchUnpacked(fetchApi, input, init),
      }),
  };
}

/** Backstage's middlewares read a request more than once, which its body bears only outside of a `Request`. */
async function fetchUnpacked(fetchApi: FetchApi, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  if (!(input instanceof Request)) return fetchApi.fetch(input, init);
  const { url, method, headers, signal } = input;
  const body = method === 'GET' ? undefined : await input.text();
  return fetchApi.fetch(url, { method, headers, signal, body });
}
