import createClient, { type Client } from 'openapi-fetch';
import { BerthError } from './errors';
import type { paths } from './generated/api';
import {
  type Accepted,
  type DriftReport,
  type Environment,
  type EnvironmentRequest,
  type EnvironmentSummary,
  ON_BEHALF_OF_HEADER,
  type Operation,
  type OutputList,
  type Plan,
  type References,
} from './model';

/** How to reach Berth. */
export interface BerthClientOptions {
  /** Berth's address, without `/v1`. */
  baseUrl: string;
  /** A token of Berth's; absent where Berth asks for none, or where `fetch` proves who calls. */
  token?: string;
  /** The person for whom a service asks, as an entity reference. */
  onBehalfOf?: string;
  fetch?: typeof globalThis.fetch;
}

/** What a single call may add. */
export interface CallOptions {
  signal?: AbortSignal;
  /** The same key gets the same answer again, without a second effect. */
  idempotencyKey?: string;
}

/** Calls Berth's API. Every method throws a BerthError where Berth answers with a problem. */
export class BerthClient {
  private readonly api: Client<paths>;
  private readonly fetch: typeof globalThis.fetch;

  constructor(private readonly options: BerthClientOptions) {
    this.fetch = options.fetch ?? globalThis.fetch;
    this.api = createClient<paths>({
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
      headers: this.headers(),
      fetch: request => this.fetch(request),
    });
  }

  async createEnvironment(
    request: EnvironmentRequest,
    operation: 'deploy' | 'preview',
    options: CallOptions = {},
  ): Promise<Accepted> {
    const answer = await this.api.POST('/v1/environments', {
      params: { query: { operation }, header: keyed(options) },
      body: request as never, // Berth checks it, and names each wrong place
      signal: options.signal,
    });
    return valueOf<Accepted>(answer);
  }

  async changeEnvironment(
    environmentId: string,
    patch: EnvironmentRequest,
    operation: 'deploy' | 'preview',
    options: CallOptions = {},
  ): Promise<Accepted> {
    const answer = await this.api.PATCH('/v1/environments/{environment_id}', {
      params: {
        path: { environment_id: environmentId },
        query: { operation },
        header: { 'If-Match': '*', ...keyed(options) },
      },
      body: patch as never,
      headers: { 'Content-Type': 'application/merge-patch+json' },
      signal: options.signal,
    });
    return valueOf<Accepted>(answer);
  }

  async startOperation(
    environmentId: string,
    kind: 'preview' | 'deploy' | 'refresh' | 'destroy',
    options: CallOptions = {},
  ): Promise<Accepted> {
    const answer = await this.api.POST('/v1/environments/{environment_id}/operations', {
      params: { path: { environment_id: environmentId }, header: keyed(options) },
      body: { kind, queue: 'queue' },
      signal: options.signal,
    });
    return valueOf<Accepted>(answer);
  }

  /** Lets an environment live for `ttl`, an ISO 8601 duration, from now on. */
  async extendEnvironment(environmentId: string, ttl: string, options: CallOptions = {}): Promise<Environment> {
    const answer = await this.api.POST('/v1/environments/{environment_id}/extend', {
      params: { path: { environment_id: environmentId }, header: keyed(options) },
      body: { ttl },
      signal: options.signal,
    });
    return valueOf<Environment>(answer);
  }

  /** Agrees to the plan that the digest names. */
  async approveOperation(
    operationId: string,
    word: { digest: string; comment?: string },
    options: CallOptions = {},
  ): Promise<Accepted> {
    const answer = await this.api.POST('/v1/operations/{operation_id}/approve', {
      params: { path: { operation_id: operationId }, header: keyed(options) },
      body: { digest: word.digest, comment: word.comment ?? '' },
      signal: options.signal,
    });
    return valueOf<Accepted>(answer);
  }

  async getEnvironment(environmentId: string, options: CallOptions = {}): Promise<Environment> {
    const path = { environment_id: environmentId };
    return valueOf<Environment>(
      await this.api.GET('/v1/environments/{environment_id}', { params: { path }, signal: options.signal }),
    );
  }

  /** Lists every environment, of one team or of all that the caller may see, page by page. */
  async *listEnvironments(
    filter: { team?: string; name?: string } = {},
    options: CallOptions = {},
  ): AsyncGenerator<EnvironmentSummary> {
    let token: string | undefined;
    do {
      const query = { ...filter, page_size: 200, ...(token ? { page_token: token } : {}) };
      const page = valueOf<{ items: EnvironmentSummary[]; next_page_token?: string | null }>(
        await this.api.GET('/v1/environments', { params: { query }, signal: options.signal }),
      );
      yield* page.items;
      token = page.next_page_token ?? undefined;
    } while (token);
  }

  async getOperation(operationId: string, options: CallOptions = {}): Promise<Operation> {
    const path = { operation_id: operationId };
    return valueOf<Operation>(
      await this.api.GET('/v1/operations/{operation_id}', { params: { path }, signal: options.signal }),
    );
  }

  /** Lists the newest operations of an environment. */
  async listOperations(environmentId: string, limit: number, options: CallOptions = {}): Promise<Operation[]> {
    const answer = await this.api.GET('/v1/environments/{environment_id}/operations', {
      params: { path: { environment_id: environmentId }, query: { page_size: limit } },
      signal: options.signal,
    });
    return valueOf<{ items: Operation[] }>(answer).items;
  }

  async getPlan(operationId: string, options: CallOptions = {}): Promise<Plan> {
    const path = { operation_id: operationId };
    return valueOf<Plan>(
      await this.api.GET('/v1/operations/{operation_id}/plan', { params: { path }, signal: options.signal }),
    );
  }

  async listOutputs(environmentId: string, options: CallOptions = {}): Promise<OutputList> {
    const path = { environment_id: environmentId };
    return valueOf<OutputList>(
      await this.api.GET('/v1/environments/{environment_id}/outputs', { params: { path }, signal: options.signal }),
    );
  }

  /** Says whose outputs an environment uses and who uses its own, each as `team/name`. */
  async getReferences(environmentId: string, options: CallOptions = {}): Promise<References> {
    const path = { environment_id: environmentId };
    return valueOf<References>(
      await this.api.GET('/v1/environments/{environment_id}/references', { params: { path }, signal: options.signal }),
    );
  }

  /** Reads what the newest look at the cloud found; undefined where nobody has looked. */
  async getNewestDrift(environmentId: string, options: CallOptions = {}): Promise<DriftReport | undefined> {
    const answer = await this.api.GET('/v1/environments/{environment_id}/drift', {
      params: { path: { environment_id: environmentId }, query: { page_size: 1 } },
      signal: options.signal,
    });
    return valueOf<{ items: DriftReport[] }>(answer).items[0];
  }

  /** Opens the stream of an operation's events behind `lastEventId`. */
  async openEvents(
    operationId: string,
    options: { lastEventId?: string; signal?: AbortSignal } = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const url = `${this.options.baseUrl.replace(/\/+$/, '')}/v1/operations/${encodeURIComponent(operationId)}/events`;
    const answer = await this.fetch(url, {
      headers: {
        ...this.headers(),
        Accept: 'text/event-stream',
        ...(options.lastEventId ? { 'Last-Event-ID': options.lastEventId } : {}),
      },
      signal: options.signal,
    });
    if (!answer.ok || !answer.body) throw BerthError.of(answer.status, await readBody(answer));
    return answer.body;
  }

  private headers(): Record<string, string> {
    return {
      ...(this.options.token ? { Authorization: `Bearer ${this.options.token}` } : {}),
      ...(this.options.onBehalfOf ? { [ON_BEHALF_OF_HEADER]: this.options.onBehalfOf } : {}),
    };
  }
}

function keyed(options: CallOptions): { 'Idempotency-Key'?: string } {
  return options.idempotencyKey ? { 'Idempotency-Key': options.idempotencyKey } : {};
}

function valueOf<T>(answer: { data?: unknown; error?: unknown; response: Response }): T {
  if (answer.response.ok) return answer.data as T;
  throw BerthError.of(answer.response.status, answer.error);
}

async function readBody(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
