import { members } from '../json/json.ts';
import type { Verification } from './verification.ts';

/** What a redacted verification still tells: that it was, when, of which service, and how it ended. */
const KEPT: ReadonlySet<string> = new Set([
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

/** A verification's text with null for all that could be personal. A text that is redacted already comes back as it is. */
export const redacted = (text: string): string =>
  `{${members(text)
    .map(({ key, value }) => `${JSON.stringify(key)}:${KEPT.has(key) ? value : 'null'}`)
    .join()}}`;

export const redactedVerification = (verification: Verification): Verification => ({
  ...verification,
  text: redacted(verification.text),
});
