import type { WebhookSender } from '../../domain/webhooks/ports.ts';
import { type Answer, exchange } from './exchange.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { signedHeaders } from './signed-headers.ts';
import { type UrlRules, urlFault } from './url-rules.ts';

const DEADLINE_MS = 15_000;
/** Statuses whose `Retry-After` says when to send again. */
const WAIT = [429, 503];

export interface SenderOptions extends UrlRules {
  /** ms since the epoch. */
  readonly now: () => number;
  /** ms from the name resolution to the last byte of the answer. */
  readonly deadlineMs?: number;
}

/** Sends webhooks over HTTPS. The URL is checked anew at each attempt, because the rules can have changed. */
export function webhookSender({ now, deadlineMs = DEADLINE_MS, ...rules }: SenderOptions): WebhookSender {
  async function attempt({ url, ...message }: Parameters<WebhookSender['send']>[0]): Promise<Answer> {
    if (urlFault(url, rules) !== undefined) return { answer: 'REFUSED_ADDRESS' };
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'anycheck-snapshots',
      ...signedHeaders(message, now()),
    };
    return exchange(new URL(url), { headers, body: message.body, deadlineMs });
  }

  return {
    async send(request) {
      const began = performance.now();
      // What can not be sent at all is refused before a socket opens.
      const { answer, retryAfter } = await attempt(request).catch((): Answer => ({ answer: 'PROTOCOL' }));
      return {
        answer,
        durationMs: Math.round(performance.now() - began),
        retryAfterSeconds: WAIT.some((status) => status === answer) ? retryAfterSeconds(retryAfter, now()) : undefined,
      };
    },
  };
}
