import { members } from '../json/json.ts';
import type { Verification } from './verification.ts';

/** The fields that a redacted verification retains: its ids, times, service, statuses and cost. */
const RETAINED: ReadonlySet<string> = new Set([
  'id',
  'result_id',
  'service',
  'status',
  'output_status',
  'start_date',
  'end_date',
  'created_at',
  'updated_at',
  'credit_used',
]);

/** Returns a verification's text with null for every field that could be personal. A redacted text stays unchanged. */
export const redacted = (text: string): string =>
  `{${members(text)
    .map(({ key, value }) => `${JSON.stringify(key)}:${RETAINED.has(key) ? value : 'null'}`)
    .join()}}`;

export const redactedVerification = (verification: Verification): Verification => ({
  ...verification,
  text: redacted(verification.text),
});
