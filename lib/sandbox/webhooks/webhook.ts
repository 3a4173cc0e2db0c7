import type { Verification } from '../groups/verification.ts';
import { memberOf, stringMemberOf } from '../json-source.ts';

/** The statuses that AnyCheck documents as sent: all but DRAFT and IN_QUEUE. */
const SENT = new Set([
  'IN_PROGRESS',
  'NEED_REVIEW',
  'COMPLETED',
  'PARTIALLY_COMPLETED',
  'FAILED',
  'PARTIALLY_FAILED',
  'FRAUD_DETECTED',
  'CANCELLED',
]);

/** One event for one receiver. */
export interface Webhook {
  url: string;
  /** With which it is signed; undefined: it goes unsigned. */
  secret: string | undefined;
  verificationId: string;
  status: string;
  /** JSON text. */
  body: string;
}

/**
 * What is sent when a verification took a status at `at` (epoch milliseconds): nothing where it names no receiver, or where
 * AnyCheck doesn't tell of that status. The event's name and `timestamp` are documented, the names of the ids are likely.
 */
export function webhookFor(
  resultId: string,
  { id, source }: Verification,
  status: string,
  at: number,
): Webhook | undefined {
  const url = stringMemberOf(source, 'webhook_url') ?? '';
  if (id === undefined || url === '' || !SENT.has(status)) return undefined;
  const body = JSON.stringify({
    event: 'verification.status_changed',
    timestamp: new Date(at).toISOString(),
    result_id: resultId,
    verification_id: id,
    status,
  });
  const secret = stringMemberOf(memberOf(source, 'webhook_metadata') ?? '', 'webhook_secret');
  return { url, secret, verificationId: id, status, body };
}
