/** What a caller may do, each role what those before it may, too: read; follow and refresh; erase and redact. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** In front of a role, the scope of a machine's token. */
const SCOPE_PREFIX = 'anycheck-snapshots/';
const scopeOf = (role: Role): string => `${SCOPE_PREFIX}${role}`;

/** The highest role that somebody's groups or a machine's scopes give; undefined for none. */
export const roleOf = (groups: readonly string[], scopes: readonly string[]): Role | undefined =>
  ROLES.findLast((role) => groups.includes(role) || scopes.includes(scopeOf(role)));

/** @param role undefined for somebody who has none. */
export const mayDo = (role: Role | undefined, least: Role): boolean =>
  role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(least);
