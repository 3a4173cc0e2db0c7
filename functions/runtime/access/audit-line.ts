import * as z from 'zod/mini';
import { ResultId } from '../../domain/group/result-id.ts';
import { AUDIT_MARK, MAX_GROUPS, MAX_WHO_CHARACTERS } from './audit-mark.ts';

/**
 * The audit line of a call that can change or reveal personal data: caller, route, groups, outcome. The functions that
 * write lines and the forwarder that stores them share this schema. It has no field for content.
 */
export const AuditLine = z.strictObject({
  /**
   * The route, with the names of its parameters. A pattern, not the table of routes: during a deployment, an old
   * forwarder can receive lines of new routes.
   */
  [AUDIT_MARK]: z.string().check(z.regex(/^[A-Z]{3,7} (\/([a-z.-]+|\{[a-z_]+\}))+$/)),
  at: z.iso.datetime(),
  /** The token's subject; '' if the token has none. */
  who: z.string().check(z.maxLength(MAX_WHO_CHARACTERS)),
  groups: z.array(ResultId).check(z.maxLength(MAX_GROUPS)),
  /** The answer's status. */
  outcome: z.int().check(z.minimum(100), z.maximum(599)),
  /**
   * The request id. The access log, the answer's `X-Request-Id` and a line that is delivered twice have the same one.
   */
  request: z.string().check(z.regex(/^[\w=+/-]{1,128}$/)),
});
export type AuditLine = z.output<typeof AuditLine>;
