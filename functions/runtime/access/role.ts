/** What a caller may do, each role what those before it may, too: read; follow and refresh; erase and redact. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What this service is called where scopes are given: with a role behind it, the scope of a machine's token. */
export const RESOURCE_SERVER = 'anycheck-snapshots';
export const scopeOf = (role: Role): string => `${RESOURCE_SERVER}/${role}`;

/** The highest role that somebody's groups or a machine's scopes give; undefined for none. */
export const roleOf = (groups: readonly string[], scopes: readonly string[]): Role | undefined =>
  ROLES.findLast((role) => groups.includes(role) || scopes.includes(scopeOf(role)));

/** A role, and those that may do all that it may. */
export const rolesFrom = (least: Role): readonly Role[] => ROLES.slice(ROLES.indexOf(least));

/** @param role undefined for somebody who has none. */
export const mayDo = (role: Role | undefined, least: Role): boolean =>
  role !== undefined && rolesFrom(least).includes(role);
