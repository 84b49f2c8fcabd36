import type { LoggerService } from '@backstage/backend-plugin-api';
import express, { type Request, type Response, Router } from 'express';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { EnvironmentNamed } from './provider';

/** Where Berth's webhooks are taken, below `/api/catalog`. */
export const WEBHOOK_PATH = '/berth/webhook';

const MAX_BODY = '1mb';

/** What the webhook does with the environment that an event names. */
export type OnEnvironment = (named: EnvironmentNamed) => Promise<void>;

/**
 * Takes Berth's webhooks (Standard Webhooks 1.0): an event says which environment has changed, and that is read anew.
 * So events may come twice and out of order. What fails is answered by 503, and Berth sends it again.
 */
export function createWebhookRouter(secrets: readonly string[], onEnvironment: OnEnvironment, logger: LoggerService) {
  const keys = secrets.map(secret => new Webhook(secret));
  const router = Router();
  router.post(WEBHOOK_PATH, express.raw({ type: () => true, limit: MAX_BODY }), async (request, answer) => {
    const message = verify(request, keys);
    if (message === undefined) {
      answer.status(401).json({ error: 'the signature is not one of Berth, or too old' });
      return;
    }
    await take(message, answer, onEnvironment, logger);
  });
  return router;
}

function verify(request: Request, keys: readonly Webhook[]): unknown {
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name => [name, request.header(name) ?? '']),
  );
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  for (const key of keys) {
    try {
      return key.verify(body, headers);
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
    }
  }
  return undefined;
}

async function take(message: unknown, answer: Response, onEnvironment: OnEnvironment, logger: LoggerService) {
  const named = environmentIn(message);
  try {
    if (named) await onEnvironment(named);
    answer.status(204).end();
  } catch (error) {
    logger.warn(`A webhook of Berth could not be followed: ${error}`);
    answer.status(503).json({ error: 'the environment could not be read' });
  }
}

function environmentIn(message: unknown): EnvironmentNamed | undefined {
  const { environment_id: id, team, environment: name } = (message as { data?: Record<string, unknown> }).data ?? {};
  const isNamed = typeof id === 'string' && typeof team === 'string' && typeof name === 'string';
  return isNamed ? { id, team, name } : undefined;
}
