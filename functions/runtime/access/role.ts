/**
 * The roles. A viewer reads groups; an operator also tracks and refreshes them, and sees and repeats deliveries; an admin
 * also erases and redacts groups, and sets webhook endpoints and API keys.
 */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The name of this service as an OAuth resource server. The scope of a machine's token is this name and a role. */
export const RESOURCE_SERVER = 'anycheck-snapshots';
export const scopeOf = (role: Role): string => `${RESOURCE_SERVER}/${role}`;

/** The highest role that a user's groups or a machine's scopes grant; undefined for none. */
export const roleOf = (groups: readonly string[], scopes: readonly string[]): Role | undefined =>
  ROLES.findLast((role) => groups.includes(role) || scopes.includes(scopeOf(role)));

/** A role and all higher ones. */
export const rolesFrom = (least: Role): readonly Role[] => ROLES.slice(ROLES.indexOf(least));

/** Whether a role is at least the one required. @param role undefined for a caller without a role. */
export const mayDo = (role: Role | undefined, least: Role): boolean =>
  role !== undefined && rolesFrom(least).includes(role);
