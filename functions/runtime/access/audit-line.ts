import * as z from 'zod/mini';
import { ResultId } from '../../domain/group/result-id.ts';
import { AUDIT_MARK, MAX_GROUPS, MAX_WHO_CHARACTERS } from './audit-mark.ts';

/**
 * A call that may change or reveal personal data: who, what, which groups, outcome. Whoever writes a line and whoever keeps it
 * go by this one form, and it has no place for content.
 */
export const AuditLine = z.strictObject({
  /** The route, its parameters by name. A form and not the table: while a deployment is under way, new routes meet an old forwarder. */
  [AUDIT_MARK]: z.string().check(z.regex(/^[A-Z]{3,7} (\/([a-z-]+|\{[a-z_]+\}))+$/)),
  at: z.iso.datetime(),
  /** The token's subject; empty where the token names nobody. */
  who: z.string().check(z.maxLength(MAX_WHO_CHARACTERS)),
  groups: z.array(ResultId).check(z.maxLength(MAX_GROUPS)),
  /** The answer's status. */
  outcome: z.int().check(z.minimum(100), z.maximum(599)),
  /** The same in the access log, in the answer's `X-Request-Id`, and in a line that was delivered twice. */
  request: z.string().check(z.regex(/^[\w=+/-]{1,128}$/)),
});
export type AuditLine = z.output<typeof AuditLine>;
