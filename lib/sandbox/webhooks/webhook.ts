import type { Verification } from '../groups/verification.ts';
import { memberOf, stringMemberOf } from '../json-source.ts';

/** The statuses for which AnyCheck documents a webhook: all but DRAFT and IN_QUEUE. */
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
  /** The signing secret; undefined: the webhook is not signed. */
  secret: string | undefined;
  verificationId: string;
  status: string;
  /** JSON text. */
  body: string;
}

/**
 * The webhook of a verification that reached a status at `at` (milliseconds since the epoch). It is undefined without a
 * `webhook_url`, and for a status without a webhook. AnyCheck documents the event's name and `timestamp`; the names of
 * the ids are an assumption.
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
