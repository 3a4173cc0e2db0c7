import { setTimeout as sleep } from 'node:timers/promises';
import type { StateStore } from '../state.ts';
import { refusalOf } from './address.ts';
import type { DeliveryEntry, DeliveryLog } from './delivery-log.ts';
import { DEFAULT_SIGNING, type Signing, signatureHeaders } from './signature.ts';
import type { Webhook } from './webhook.ts';

export interface WebhookOptions extends Partial<Signing> {
  /** Whether receivers may be on other machines. Default: false. */
  allowRemote?: boolean;
}

/** The deadline of a receiver's answer. */
const TIMEOUT_MS = 5000;
/** Further deliveries wait, so that a group of thousands does not use up all sockets. */
const MAX_CONCURRENT = 50;

interface SenderParts {
  store: StateStore;
  log: DeliveryLog;
  options: WebhookOptions;
  now(): number;
  /** Aborts running and waiting deliveries. */
  signal: AbortSignal;
}

/**
 * Returns a function that queues a webhook. It is sent once, or as set through the control API. The log has its
 * outcome.
 */
export function createSender({ store, log, options, now, signal }: SenderParts): (webhook: Webhook) => void {
  const { allowRemote = false, ...signing } = { ...DEFAULT_SIGNING, ...options };
  const queue: (() => Promise<void>)[] = [];
  let running = 0;
  const proceed = () => {
    while (running < MAX_CONCURRENT && !signal.aborted) {
      const attempt = queue.shift();
      if (attempt === undefined) return;
      running++;
      void attempt().finally(() => {
        running--;
        proceed();
      });
    }
  };
  const enqueue = (attempt: () => Promise<void>) => {
    queue.push(attempt);
    proceed();
  };

  return ({ url, secret, verificationId, status, body }) => {
    const { delivery, delayMs } = store.data.webhooks;
    const at = now();
    const signed = secret === undefined ? {} : signatureHeaders(signing, secret, body, at);
    const headers = { 'content-type': 'application/json', ...signed };
    const failure = refusalOf(url, allowRemote) ?? (delivery === 'lost' ? 'lost' : undefined);
    for (let copy = 0; copy < (delivery === 'doubled' ? 2 : 1); copy++) {
      const entry = log.begin({ url, verification_id: verificationId, status, at: new Date(at).toISOString() });
      if (failure !== undefined) entry.failure = failure;
      else {
        const attempt = () => post(entry, headers, body, signal);
        if (delayMs === 0) enqueue(attempt);
        else void sleep(delayMs, undefined, { signal, ref: false }).then(() => enqueue(attempt), ignored);
      }
    }
  };
}

/** The close of the server aborts a delay, and then the webhook is dropped. */
const ignored = () => {};

async function post(
  entry: DeliveryEntry,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const ends = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    // A redirect could lead to another machine.
    const response = await fetch(entry.url, { method: 'POST', redirect: 'manual', headers, body, signal: ends });
    entry.answer = response.status;
    await response.body?.cancel();
  } catch (error) {
    if (entry.answer !== null) return;
    entry.failure = error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable';
  }
}
