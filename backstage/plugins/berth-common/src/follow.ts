import type { BerthClient } from './client';
import { BerthError } from './errors';
import type { OperationState, RecordedEvent } from './model';
import { readServerSentEvents } from './sse';

const MIN_PAUSE_MS = 250;
const MAX_PAUSE_MS = 10_000;

/** Where to go on from, and when to give up. */
export interface FollowOptions {
  /** The row number of the last event that was seen. */
  lastEventId?: string;
  signal?: AbortSignal;
  /** Told of each lost connection before the next attempt. */
  onLost?: (error: unknown) => void;
}

/** The operation's final state: the end of its events. */
export interface OperationEnd {
  state: OperationState;
}

/**
 * Yields an operation's events, live, and then its end. A lost connection is taken up again behind the last event
 * that came (`Last-Event-ID`): nothing is missed and nothing comes twice. What Berth refuses is thrown.
 */
export async function* followOperation(
  client: BerthClient,
  operationId: string,
  options: FollowOptions = {},
): AsyncGenerator<RecordedEvent | OperationEnd> {
  const place: Place = { operationId, lastEventId: options.lastEventId, pauseMs: MIN_PAUSE_MS };
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      for await (const event of readConnection(client, place, options.signal)) {
        yield event;
        if (!('payload' in event)) return;
      }
    } catch (error) {
      throwIfFinal(error, options.signal);
      options.onLost?.(error);
    }
    await pause(place.pauseMs, options.signal);
    place.pauseMs = Math.min(place.pauseMs * 2, MAX_PAUSE_MS);
  }
}

interface Place {
  operationId: string;
  lastEventId?: string;
  pauseMs: number;
}

async function* readConnection(
  client: BerthClient,
  place: Place,
  signal?: AbortSignal,
): AsyncGenerator<RecordedEvent | OperationEnd> {
  const body = await client.openEvents(place.operationId, { lastEventId: place.lastEventId, signal });
  for await (const event of readServerSentEvents(body)) {
    place.pauseMs = MIN_PAUSE_MS;
    place.lastEventId = event.id ?? place.lastEventId;
    yield JSON.parse(event.data) as RecordedEvent | OperationEnd;
  }
}

function throwIfFinal(error: unknown, signal?: AbortSignal): void {
  if (signal?.aborted || (error instanceof BerthError && !error.isRetryable)) throw error;
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
}
