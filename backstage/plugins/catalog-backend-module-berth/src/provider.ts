import type { LoggerService, SchedulerServiceTaskRunner } from '@backstage/backend-plugin-api';
import type { DeferredEntity, EntityProvider, EntityProviderConnection } from '@backstage/plugin-catalog-node';
import { BerthClient } from '@berth/backstage-plugin-berth-common';
import type { Conventions } from './conventions';
import { entityOf } from './entity';
import { type EnvironmentFacts, readAllFacts, readFacts } from './facts';
import { entityRefOf } from './names';

/** The environment that an event is about. */
export interface EnvironmentNamed {
  id: string;
  team: string;
  name: string;
}

/** Keeps the catalog's entities the environments that live in Berth. */
export class BerthEntityProvider implements EntityProvider {
  private connection: EntityProviderConnection | undefined;
  /** What `refreshOne` was asked for while all are read: that reading may be older. */
  private readonly missed = new Map<string, EnvironmentNamed>();
  private readonly turns = new Map<string, Promise<void>>();

  constructor(
    private readonly client: BerthClient,
    private readonly conventions: Conventions,
    private readonly schedule: SchedulerServiceTaskRunner,
    private readonly logger: LoggerService,
  ) {}

  getProviderName(): string {
    return 'berth';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.connection = connection;
    await this.schedule.run({ id: 'berth-environments', fn: () => this.refreshAll() });
  }

  /** Makes the entities those that there are. Fails without a change where not all of them can be read. */
  async refreshAll(): Promise<void> {
    this.missed.clear();
    const facts = await readAllFacts(this.client);
    await this.connected().applyMutation({ type: 'full', entities: facts.map(one => this.deferred(one)) });
    this.logger.info(`Berth has ${facts.length} environments`);
    await Promise.all([...this.missed.values()].map(one => this.refreshOne(one)));
  }

  /** Reads one environment anew. Two readings of one never overtake each other. */
  async refreshOne(named: EnvironmentNamed): Promise<void> {
    this.missed.set(named.id, named);
    const key = `${named.team}/${named.name}`;
    const before = this.turns.get(key) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => this.applyOne(named));
    this.turns.set(key, mine);
    try {
      await mine;
    } finally {
      if (this.turns.get(key) === mine) this.turns.delete(key);
    }
  }

  private async applyOne(named: EnvironmentNamed): Promise<void> {
    const facts = (await readFacts(this.client, named.id)) ?? (await this.readSuccessor(named));
    const entityRef = entityRefOf(named.team, named.name, this.conventions.namespace);
    await this.connected().applyMutation({
      type: 'delta',
      added: facts ? [this.deferred(facts)] : [],
      removed: facts ? [] : [{ entityRef, locationKey: this.getProviderName() }],
    });
  }

  /** Finds a living environment that has taken the name of one that is gone. */
  private async readSuccessor({ team, name }: EnvironmentNamed): Promise<EnvironmentFacts | undefined> {
    for await (const { id } of this.client.listEnvironments({ team, name })) return readFacts(this.client, id);
    return undefined;
  }

  private deferred(facts: EnvironmentFacts): DeferredEntity {
    return { entity: entityOf(facts, this.conventions), locationKey: this.getProviderName() };
  }

  private connected(): EntityProviderConnection {
    if (!this.connection) throw new Error('the catalog has not connected the provider of Berth yet');
    return this.connection;
  }
}
