/** The field that tells an audit line from all others. */
export const AUDIT_MARK = 'audit';
/** Groups that a line names, at most: as many as a call may. */
export const MAX_GROUPS = 100;
/** Characters of a token's subject, at most (OpenID Connect Core 1.0, section 2). */
export const MAX_WHO_CHARACTERS = 255;
