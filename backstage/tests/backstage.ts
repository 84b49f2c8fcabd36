import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import type { ServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import type { ResourceEntity } from '@backstage/catalog-model';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { fileURLToPath } from 'node:url';
import { inject, vi } from 'vitest';
import catalogModuleBerth from '@berth/backstage-plugin-catalog-backend-module-berth';

type Features = Parameters<typeof startTestBackend>[0]['features'];

/** What a Backstage is made of besides its catalog. */
export interface BackstageOptions {
  berth?: { [member: string]: unknown };
  catalog?: { [member: string]: unknown };
  features?: Features;
  /** Stands in for the scheduler: what is scheduled then runs when the test says so. */
  scheduler?: ServiceFactory;
}

/** The catalog's configuration by which it knows the groups, people and systems of the tests. */
export const ORGANISATION = {
  rules: [{ allow: ['Group', 'System', 'Template', 'User'] }],
  locations: [fileLocation('./organisation.yaml')],
};

/** A Backstage with the environments of the running Berth in its catalog, on the Postgres that Berth has started. */
export class Backstage {
  private constructor(readonly url: string) {}

  static async start({ berth = {}, catalog = {}, features = [], scheduler }: BackstageOptions = {}): Promise<Backstage> {
    const connection = { ...inject('postgres'), user: 'postgres' };
    const prefix = `backstage_${process.pid}_${Date.now()}_`; // every Backstage has databases of its own
    const backend = await startTestBackend({
      features: [
        mockServices.rootConfig.factory({
          data: {
            backend: { database: { client: 'pg', connection, prefix } },
            berth: { baseUrl: inject('berthUrl'), ...berth },
            catalog: { ...catalog },
          } as never,
        }),
        scheduler ?? schedulerServiceFactory,
        catalogPlugin,
        catalogModuleBerth,
        ...features,
      ],
    });
    return new Backstage(`http://localhost:${backend.server.port()}`);
  }

  /** Returns an entity once the catalog has it as it is wanted. */
  async entity(name: string, isWanted: (entity: ResourceEntity) => boolean = () => true): Promise<ResourceEntity> {
    return vi.waitFor(
      async () => {
        const entity = await this.find(name);
        if (!entity || !isWanted(entity)) throw new Error(`no such ${name} yet: ${JSON.stringify(entity)}`);
        return entity;
      },
      { timeout: 120_000, interval: 250 },
    );
  }

  /** Returns once the catalog has no such entity. */
  async isGone(name: string): Promise<void> {
    await vi.waitUntil(async () => !(await this.find(name)), { timeout: 120_000, interval: 250 });
  }

  /** Returns once the catalog has an entity of this reference. */
  async exists(entityRef: string): Promise<void> {
    const path = entityRef.replace(':', '/');
    await vi.waitUntil(async () => (await fetch(`${this.url}/api/catalog/entities/by-name/${path}`)).ok, {
      timeout: 120_000,
      interval: 250,
    });
  }

  /** Asks the backend, and reads JSON. */
  async call<T>(path: string, init?: RequestInit): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  private async find(name: string): Promise<ResourceEntity | undefined> {
    const answer = await fetch(`${this.url}/api/catalog/entities/by-name/resource/default/${name}`);
    return answer.ok ? ((await answer.json()) as ResourceEntity) : undefined;
  }
}

/** Lists what an entity leads to by a relation. */
export function relationsOf(entity: ResourceEntity, type: string): string[] {
  return (entity.relations ?? []).filter(one => one.type === type).map(one => one.targetRef);
}


/** Makes a location of a file, by its place beside this one. */
export function fileLocation(path: string): { type: string; target: string } {
  return { type: 'file', target: fileURLToPath(new URL(path, import.meta.url)) };
}
