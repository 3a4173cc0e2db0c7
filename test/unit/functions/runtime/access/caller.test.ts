import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerOf } from '../../../../../functions/runtime/access/caller.ts';
import type { Role } from '../../../../../functions/runtime/access/role.ts';
import { CLAIMS } from '../../../../fakes/claims.ts';
import { httpEvent } from '../../../../fakes/http-event.ts';

const CLAIM = CLAIMS.GROUPS_CLAIM;
type Claims = Record<string, unknown>;

/** Every claim as an HTTP API hands it on: as text, a list as `[a b]`. */
const asText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? `[${value.map(asText).join(' ')}]` : JSON.stringify(value);
};
const checkedOf = (claims: Claims) =>
  Object.fromEntries(Object.entries(claims).map(([key, one]) => [key, asText(one)]));
const tokenOf = (claims: Claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

/** @param checked what the gateway says, where it is not what the token says. */
const eventOf = (claims: Claims, checked: unknown = checkedOf(claims), authorization = `Bearer ${tokenOf(claims)}`) =>
  httpEvent({ headers: authorization === '' ? {} : { authorization } }, checked);
const roleIn = (claims: Claims, claim = CLAIM) => callerOf(eventOf(claims), { ...CLAIMS, GROUPS_CLAIM: claim }).role;
const kindIn = (claims: Claims, claim = CLAIMS.PERSON_CLAIM) =>
  callerOf(eventOf(claims), { ...CLAIMS, PERSON_CLAIM: claim }).kind;

describe('a person', () => {
  it.each<[unknown, Role | undefined]>([
    [['viewer'], 'viewer'],
    [['viewer', 'operator'], 'operator'],
    [['staff of ours', 'admin'], 'admin'],
    ['operator', 'operator'],
    [['not admin'], undefined],
    [['[admin', 'admin]', '[admin]'], undefined],
    ['[admin]', undefined],
    ['viewer admin', undefined],
    ['viewer,admin', undefined],
    [['viewer,admin'], undefined],
    [[['admin']], undefined],
    [{ admin: true }, undefined],
    [[{ name: 'admin' }], undefined],
    [[null, 1, 'viewer'], 'viewer'],
    [[], undefined],
    ['', undefined],
    [1, undefined],
    [null, undefined],
  ])('with the groups %j has the role %s', (groups, role) => {
    expect(roleIn({ sub: 'someone', [CLAIM]: groups })).toBe(role);
  });

  it('has the role of a group that is called just so, and of no other, whatever groups there are', () => {
    const name = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('viewer', 'operator', 'admin', 'not admin', 'admin]', '[admin', 'admin viewer', ' admin', ''),
    );
    fc.assert(
      fc.property(fc.array(name), (groups) => {
        const roles: Role[] = ['admin', 'operator', 'viewer'];
        expect(roleIn({ sub: 'someone', [CLAIM]: groups })).toBe(roles.find((role) => groups.includes(role)));
      }),
    );
  });

  it('has none without the claim', () => {
    const claims = { sub: 'someone', username: 'siti' };
    expect(callerOf(eventOf(claims), CLAIMS)).toEqual({ kind: 'person', who: 'someone', role: undefined });
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('has none from a claim named %s', (claim) => {
    expect(roleIn({ sub: 'someone' }, claim)).toBeUndefined();
    const forged = `{"sub":"someone","__proto__":{"${claim}":"admin","constructor":"admin"}}`;
    const authorization = `Bearer e30.${Buffer.from(forged).toString('base64url')}.c2ln`;
    expect(
      callerOf(eventOf({}, JSON.parse(forged), authorization), { ...CLAIMS, GROUPS_CLAIM: claim }).role,
    ).toBeUndefined();
  });

  it('is known by another claim where the settings name one, and by that alone', () => {
    const claims = { sub: 'someone', 'https://example.com/roles': ['operator'], [CLAIM]: ['admin'] };
    expect(roleIn(claims, 'https://example.com/roles')).toBe('operator');
  });

  it('gets no role from a scope, which any application can request', () => {
    const scope = 'openid anycheck-snapshots/admin';
    for (const client of [{ client_id: 'app' }, { cid: 'app' }, { azp: 'app' }, {}]) {
      expect(roleIn({ sub: 'someone', scope, ...client })).toBeUndefined();
      expect(roleIn({ sub: 'someone', scp: [scope], ...client, [CLAIM]: ['viewer'] })).toBe('viewer');
    }
  });

  it('gets none from an id token', () => {
    expect(roleIn({ sub: 'someone', token_use: 'id', [CLAIM]: ['admin'] })).toBeUndefined();
  });

  it('may have groups by the thousand', () => {
    const groups = Array.from({ length: 5000 }, (_, at) => `group ${at}`);
    expect(roleIn({ sub: 'someone', [CLAIM]: groups })).toBeUndefined();
    expect(roleIn({ sub: 'someone', [CLAIM]: [...groups, 'admin'] })).toBe('admin');
  });
});

describe('what only one of gateway and token says', () => {
  const claims = { sub: 'someone', [CLAIM]: ['viewer'] };
  const forged = tokenOf({ ...claims, [CLAIM]: ['admin'] });

  it.each([
    ['a token that the gateway has not checked', `Bearer ${forged}`],
    ['two tokens in one header', `Bearer ${tokenOf(claims)},Bearer ${forged}`],
    ['no token', ''],
    ['no JSON', 'Bearer e30.e30x.c2ln'],
    ['nothing like a token', 'Basic YTpi'],
  ])('counts for nothing: %s', (_, authorization) => {
    expect(callerOf(eventOf(claims, checkedOf(claims), authorization), CLAIMS).role).toBeUndefined();
  });

  it('counts for nothing: groups without a token', () => {
    expect(callerOf(eventOf({ sub: 'someone' }, { sub: 'someone', [CLAIM]: '[admin]' }), CLAIMS).role).toBeUndefined();
  });

  it('is no obstacle where the token comes without “Bearer”, as the gateway takes it, too', () => {
    expect(callerOf(eventOf(claims, checkedOf(claims), tokenOf(claims)), CLAIMS).role).toBe('viewer');
    expect(callerOf(eventOf(claims, checkedOf(claims), `bearer  ${tokenOf(claims)}`), CLAIMS).role).toBe('viewer');
  });
});

describe('a machine', () => {
  it.each<[string, Claims]>([
    ['Cognito', { sub: 'm1', client_id: 'm1', token_use: 'access', scope: 'anycheck-snapshots/operator' }],
    ['RFC 9068', { sub: 'm1', client_id: 'm1', aud: ['api'], scope: 'other anycheck-snapshots/operator' }],
    ['Okta', { sub: 'm1', cid: 'm1', scp: ['anycheck-snapshots/viewer', 'anycheck-snapshots/operator'] }],
    ['Auth0', { sub: 'm1@clients', azp: 'm1', scope: 'anycheck-snapshots/operator' }],
    ['Auth0, which names the grant', { sub: 'x', gty: 'client-credentials', scope: 'anycheck-snapshots/operator' }],
    ['Entra ID', { sub: 'object-id', azp: 'm1', idtyp: 'app', scp: 'anycheck-snapshots/operator' }],
  ])('has the role of its scope: a token of %s', (_, claims) => {
    expect(roleIn(claims)).toBe('operator');
    expect(callerOf(eventOf(claims), CLAIMS).kind).toBe('machine');
  });

  it('has none where the token doesn’t say that it is about the client: a person’s could be the same otherwise', () => {
    const alike = { client_id: 'm1', gty: 'password', idtyp: 'user', scope: 'anycheck-snapshots/operator' };
    expect(callerOf(eventOf(alike), CLAIMS)).toMatchObject({ kind: 'unknown', role: undefined });
  });

  it('has none from a scope that only resembles a role', () => {
    const machine = { sub: 'm1', client_id: 'm1' };
    for (const scope of [
      'admin',
      'other/admin',
      'anycheck-snapshots/administrator',
      '[[anycheck-snapshots/admin]]',
      '',
    ]) {
      expect(roleIn({ ...machine, scope })).toBeUndefined();
    }
  });

  it('may have its role from groups as well, where its issuer gives it some', () => {
    expect(roleIn({ sub: 'object-id', azp: 'm1', roles: ['viewer'] }, 'roles')).toBe('viewer');
  });
});

describe('a token is a person’s', () => {
  it('if it has a text in the claim that the settings name', () => {
    expect(kindIn({ sub: 's', client_id: 'app', username: 'siti' })).toBe('person');
    expect(kindIn({ sub: 's', oid: 'o', azp: 'app', scp: 'access' }, 'scp')).toBe('person');
    expect(kindIn({ sub: 's', azp: 'app', preferred_username: 'siti' }, 'preferred_username')).toBe('person');
  });

  it.each<[string, Claims]>([
    ['no such claim', {}],
    ['an empty text', { username: '' }],
    ['an empty list', { username: [] }],
    ['a list', { username: ['siti'] }],
    ['null', { username: null }],
    ['false', { username: false }],
    ['an object', { username: { name: 'siti' } }],
  ])('only then: %s says nothing, and a role from groups stays', (_, claims) => {
    const token = { sub: 's', azp: 'app', roles: ['admin'], ...claims };
    expect(kindIn(token)).toBe('unknown');
    expect(roleIn(token, 'roles')).toBe('admin');
  });

  it.each(['constructor', '__proto__', 'toString'])('only then: a claim named %s is none', (claim) => {
    expect(kindIn({ sub: 's' }, claim)).toBe('unknown');
  });

  it('only if the gateway says so as well', () => {
    const token = { sub: 's', username: 'siti' };
    expect(callerOf(eventOf(token, { sub: 's' }), CLAIMS).kind).toBe('unknown');
    expect(callerOf(eventOf({ sub: 's' }, checkedOf(token)), CLAIMS).kind).toBe('unknown');
  });
});

describe('a machine with the role admin from groups is no person', () => {
  const keycloak = {
    sub: '3f6c2a10-5b1e-4c39-9d55-0a8e5b7d1f42',
    azp: 'scoring',
    client_id: 'scoring',
    preferred_username: 'service-account-scoring',
    roles: ['admin'],
  };
  const entra = { sub: 'object-id', oid: 'object-id', azp: 'm1', appid: 'm1', roles: ['admin'] };

  it.each<[string, Claims]>([
    ['Keycloak', keycloak],
    ['Entra ID', entra],
  ])('with a token of %s, whatever claim the settings name', (_, claims) => {
    expect(roleIn(claims, 'roles')).toBe('admin');
    for (const claim of ['username', ...Object.keys(claims)])
      expect([claim, kindIn(claims, claim)]).toEqual([claim, 'machine']);
  });

  it.each<[string, Claims]>([
    ['Keycloak', { ...keycloak, roles: [] }],
    ['Entra ID', { ...entra, roles: [] }],
  ])('and a token like those of %s gets no role from a scope, because a person’s could be the same', (_, claims) => {
    expect(
      roleIn({ ...claims, scope: 'anycheck-snapshots/admin', scp: 'anycheck-snapshots/admin' }, 'roles'),
    ).toBeUndefined();
  });
});

describe('who calls', () => {
  it.each<[unknown, string]>([
    [{ jwt: { claims: { sub: 's', client_id: 'c' } } }, 's'],
    [{ jwt: { claims: { client_id: 'c' } } }, 'c'],
    [{ jwt: { claims: { sub: 1 } } }, ''],
    [{ jwt: { claims: 'x' } }, ''],
    [{ jwt: null }, ''],
    [undefined, ''],
  ])('is read from %j without a fault', (authorizer, who) => {
    const event = eventOf({});
    Object.assign(event.requestContext, { authorizer });
    expect(callerOf(event, CLAIMS)).toEqual({ kind: 'unknown', who, role: undefined });
  });
});
