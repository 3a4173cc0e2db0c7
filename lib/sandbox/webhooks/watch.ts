import type { Catalogue } from '../groups/catalogue.ts';
import { movesBetween } from '../groups/life.ts';
import { statusOf, type Verification } from '../groups/verification.ts';
import { type Webhook, webhookFor } from './webhook.ts';

/** Detects status changes after its creation, and sends webhooks for them. */
export interface StatusWatch {
  /** Polls the life cycles every POLL_MS until the signal. */
  start(signal: AbortSignal): void;
  /** Sends webhooks for the stages that life cycles reached since the last poll. */
  poll(): void;
  /** Makes a change, and sends webhooks for the changed statuses of one group. A new item counts as changed. */
  during<T>(resultId: string, change: () => T): T;
}

/** Polling works with a clock that a test advances by hand. A timer for the next stage would not. */
const POLL_MS = 200;

export function createStatusWatch(
  catalogue: Catalogue,
  send: (webhook: Webhook) => void,
  now: () => number,
): StatusWatch {
  let seen = now();
  const report = (resultId: string, verification: Verification, status: string, at: number) => {
    const webhook = webhookFor(resultId, verification, status, at);
    if (webhook !== undefined) send(webhook);
  };
  const poll = () => {
    const from = seen;
    seen = Math.max(from, now());
    if (seen === from) return;
    const moves = catalogue
      .living()
      .flatMap((living) => movesBetween(living.life, from, seen).map((move) => ({ ...living, ...move })))
      .sort((one, other) => one.since - other.since);
    for (const { resultId, verification, status, since } of moves) report(resultId, verification, status, since);
  };

  return {
    start(signal) {
      const timer = setInterval(poll, POLL_MS).unref();
      signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    },
    poll,
    during(resultId, change) {
      poll();
      const at = seen;
      const verifications = () => catalogue.listing(resultId, at)?.verifications ?? [];
      const before = new Map(verifications().map((each) => [each.id, statusOf(each, at)]));
      const result = change();
      for (const each of verifications()) {
        const status = statusOf(each, at);
        if (before.get(each.id) !== status) report(resultId, each, status, at);
      }
      return result;
    },
  };
}
