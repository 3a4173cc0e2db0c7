import { setTimeout as sleep } from 'node:timers/promises';
import type { StateStore } from '../state.ts';
import { refusalOf } from './address.ts';
import type { DeliveryEntry, DeliveryLog } from './delivery-log.ts';
import { DEFAULT_SIGNING, type Signing, signatureHeaders } from './signature.ts';
import type { Webhook } from './webhook.ts';

export interface WebhookOptions extends Partial<Signing> {
  /** Whether receivers may be on other machines. Default false: the sandbox calls nobody. */
  allowRemote?: boolean;
}

/** Milliseconds that a receiver has for its answer. */
const TIMEOUT = 5000;
/** Deliveries under way; the others wait, so that a group of thousands doesn't use up all sockets. */
const AT_ONCE = 50;

interface SenderParts {
  store: StateStore;
  log: DeliveryLog;
  options: WebhookOptions;
  now(): number;
  /** Ends what is under way or waiting. */
  signal: AbortSignal;
}

/** Sends webhooks once each, or as the controls say. Nobody waits for them: what becomes of one is in the log alone. */
export function createSender({ store, log, options, now, signal }: SenderParts): (webhook: Webhook) => void {
  const { allowRemote = false, ...signing } = { ...DEFAULT_SIGNING, ...options };
  const queue: (() => Promise<void>)[] = [];
  let underWay = 0;
  const proceed = () => {
    while (underWay < AT_ONCE && !signal.aborted) {
      const attempt = queue.shift();
      if (attempt === undefined) return;
      underWay++;
      void attempt().finally(() => {
        underWay--;
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

/** Closing ends a delay; nothing is left to be done then. */
const ignored = () => {};

async function post(
  entry: DeliveryEntry,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const ends = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
    // A redirect could lead to another machine.
    const response = await fetch(entry.url, { method: 'POST', redirect: 'manual', headers, body, signal: ends });
    entry.answer = response.status;
    await response.body?.cancel();
  } catch (error) {
    if (entry.answer !== null) return;
    entry.failure = error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'unreachable';
  }
}
