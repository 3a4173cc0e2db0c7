import type { Catalogue } from '../groups/catalogue.ts';
import { movesBetween } from '../groups/life.ts';
import { statusOf, type Verification } from '../groups/verification.ts';
import { type Webhook, webhookFor } from './webhook.ts';

/** Sees statuses change and tells of it. What changed before it was made is not told. */
export interface StatusWatch {
  /** Refreshes after the lives from now on, every 200 ms, until the signal. */
  start(signal: AbortSignal): void;
  /** Tells what the lives have reached since the last look. */
  look(): void;
  /** Makes a change and tells what it did to the statuses of one group; an item that is new has changed. */
  during<T>(resultId: string, change: () => T): T;
}

/** Milliseconds. A poll follows a clock that a test moves by hand, which a timer for the next stage would not. */
const POLL = 200;

export function createStatusWatch(
  catalogue: Catalogue,
  send: (webhook: Webhook) => void,
  now: () => number,
): StatusWatch {
  let seen = now();
  const tell = (resultId: string, verification: Verification, status: string, at: number) => {
    const webhook = webhookFor(resultId, verification, status, at);
    if (webhook !== undefined) send(webhook);
  };
  const look = () => {
    const from = seen;
    seen = Math.max(from, now());
    if (seen === from) return;
    const moves = catalogue
      .living()
      .flatMap((living) => movesBetween(living.life, from, seen).map((move) => ({ ...living, ...move })))
      .sort((one, other) => one.since - other.since);
    for (const { resultId, verification, status, since } of moves) tell(resultId, verification, status, since);
  };

  return {
    start(signal) {
      const timer = setInterval(look, POLL).unref();
      signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    },
    look,
    during(resultId, change) {
      look();
      const at = seen;
      const verifications = () => catalogue.listing(resultId, at)?.verifications ?? [];
      const before = new Map(verifications().map((each) => [each.id, statusOf(each, at)]));
      const result = change();
      for (const each of verifications()) {
        const status = statusOf(each, at);
        if (before.get(each.id) !== status) tell(resultId, each, status, at);
      }
      return result;
    },
  };
}
