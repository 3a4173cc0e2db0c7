import { describe, expect, it } from 'vitest';
import { mayDo, ROLES, type Role, roleOf, rolesFrom, scopeOf } from '../../../../../functions/runtime/access/role.ts';

describe('a role', () => {
  it.each<[string[], string[], Role | undefined]>([
    [[], [], undefined],
    [['viewer'], [], 'viewer'],
    [['admin', 'viewer'], [], 'admin'],
    [['staff', 'operator'], [], 'operator'],
    [['Admin', 'administrator', 'admin ', ''], [], undefined],
    [[], ['anycheck-snapshots/operator'], 'operator'],
    [[], ['admin', 'other/admin', 'anycheck-snapshots/', 'anycheck-snapshots/admin/x'], undefined],
    [['anycheck-snapshots/admin'], [], undefined],
    [['viewer'], ['anycheck-snapshots/admin'], 'admin'],
  ])('of the groups %j and the scopes %j is %s: the highest of both', (groups, scopes, role) => {
    expect(roleOf(groups, scopes)).toBe(role);
  });

  it('may do what it is for, and what those before it are for', () => {
    const may = ROLES.map((role) => ROLES.map((least) => mayDo(role, least)));
    expect(may).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
    for (const least of ROLES) {
      expect(mayDo(undefined, least)).toBe(false);
      expect(ROLES.filter((role) => mayDo(role, least))).toEqual(rolesFrom(least));
    }
  });

  it('has a scope of its own', () => {
    expect(ROLES.map(scopeOf)).toEqual([
      'anycheck-snapshots/viewer',
      'anycheck-snapshots/operator',
      'anycheck-snapshots/admin',
    ]);
  });
});
