import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerOf } from '../../../../../functions/runtime/access/caller.ts';
import type { Role } from '../../../../../functions/runtime/access/role.ts';
import { httpEvent } from '../../../../fakes/http-event.ts';

const CLAIM = 'cognito:groups';
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
const roleIn = (claims: Claims, claim = CLAIM) => callerOf(eventOf(claims), claim).role;

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
    expect(callerOf(eventOf({ sub: 'someone' }), CLAIM)).toEqual({ who: 'someone', role: undefined });
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('has none from a claim named %s', (claim) => {
    expect(roleIn({ sub: 'someone' }, claim)).toBeUndefined();
    const forged = `{"sub":"someone","__proto__":{"${claim}":"admin","constructor":"admin"}}`;
    const authorization = `Bearer e30.${Buffer.from(forged).toString('base64url')}.c2ln`;
    expect(callerOf(eventOf({}, JSON.parse(forged), authorization), claim).role).toBeUndefined();
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
    expect(callerOf(eventOf(claims, checkedOf(claims), authorization), CLAIM).role).toBeUndefined();
  });

  it('counts for nothing: groups without a token', () => {
    expect(callerOf(eventOf({ sub: 'someone' }, { sub: 'someone', [CLAIM]: '[admin]' }), CLAIM).role).toBeUndefined();
  });

  it('is no obstacle where the token comes without “Bearer”, as the gateway takes it, too', () => {
    expect(callerOf(eventOf(claims, checkedOf(claims), tokenOf(claims)), CLAIM).role).toBe('viewer');
    expect(callerOf(eventOf(claims, checkedOf(claims), `bearer  ${tokenOf(claims)}`), CLAIM).role).toBe('viewer');
  });
});

describe('a machine', () => {
  it.each<[string, Claims]>([
    ['Cognito', { sub: 'm1', client_id: 'm1', token_use: 'access', scope: 'anycheck-snapshots/operator' }],
    ['RFC 9068', { sub: 'm1', client_id: 'm1', aud: ['api'], scope: 'other anycheck-snapshots/operator' }],
    ['Okta', { sub: 'm1', cid: 'm1', scp: ['anycheck-snapshots/viewer', 'anycheck-snapshots/operator'] }],
    ['Auth0', { sub: 'm1@clients', azp: 'm1', scope: 'anycheck-snapshots/operator' }],
  ])('has the role of its scope: a token of %s', (_, claims) => {
    expect(roleIn(claims)).toBe('operator');
  });

  it('has none where the token doesn’t say that it is about the client: a person’s could be the same otherwise', () => {
    expect(roleIn({ client_id: 'm1', scope: 'anycheck-snapshots/operator' })).toBeUndefined();
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
    expect(callerOf(event, CLAIM)).toEqual({ who, role: undefined });
  });
});
