/** The field that marks a log line as an audit line. */
export const AUDIT_MARK = 'audit';
/** The most groups that an audit line names, which is the most that a call may name. */
export const MAX_GROUPS = 100;
/** The longest subject of a token (OpenID Connect Core 1.0, section 2). */
export const MAX_WHO_CHARACTERS = 255;
