import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ON_BEHALF_OF_HEADER } from '@berth/backstage-plugin-berth-common';
import type { Request, Response } from 'express';

/** Where a request goes, and in whose name. */
export interface Destination {
  baseUrl: string;
  token?: string;
  onBehalfOf: string;
}

const REQUEST_HEADERS = ['accept', 'content-type', 'idempotency-key', 'last-event-id'];

/** Hands a request on and its answer back as it comes, streams of events too. */
export async function forward(request: Request, answer: Response, destination: Destination): Promise<void> {
  const gone = new AbortController();
  answer.once('close', () => gone.abort());
  try {
    const given = await fetch(`${destination.baseUrl}${request.url}`, {
      method: request.method,
      headers: headersFor(request, destination),
      body: request.method === 'GET' ? undefined : (request.body as string),
      redirect: 'error',
      signal: gone.signal,
    });
    answer.status(given.status);
    answer.setHeader('Content-Type', given.headers.get('content-type') ?? 'application/octet-stream');
    // `no-transform` keeps Backstage's compression from holding events back until there are enough of them.
    answer.setHeader('Cache-Control', 'no-store, no-transform');
    answer.setHeader('X-Accel-Buffering', 'no');
    answer.flushHeaders();
    if (given.body) await pipeline(Readable.fromWeb(given.body as never), answer);
    else answer.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

function headersFor(request: Request, destination: Destination): Record<string, string> {
  const handedOn = REQUEST_HEADERS.flatMap(name => {
    const value = request.header(name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...(Object.fromEntries(handedOn) as Record<string, string>),
    ...(destination.token ? { authorization: `Bearer ${destination.token}` } : {}),
    [ON_BEHALF_OF_HEADER]: destination.onBehalfOf,
  };
}
