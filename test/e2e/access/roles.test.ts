import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import * as jose from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { routeKey } from '../../../functions/route.ts';
import { ROLES } from '../../../functions/runtime/access/role.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { login } from '../stack/calls.ts';
import { USER } from '../stack/options.ts';
import { joinShared, type Shared } from '../stack/shared.ts';
import { machineToken } from './machine-token.ts';
import {
  BY_GATEWAY,
  BY_HANDLER,
  type Callers,
  IN,
  NO_TOKEN,
  type Row,
  rowFor,
  rowOf,
  table,
  titled,
  verdict,
  withHead,
} from './role-table.ts';

/**
 * The handler refuses persons without the role, the gateway refuses machines. Callers without a valid token reach
 * neither check.
 */
const COLUMNS = [
  ...['anonymous', 'garbage', 'foreign', 'id token', 'no role', 'viewer', 'operator', 'admin'],
  ...['machine viewer', 'machine operator', 'machine admin'],
];
// biome-ignore format: a table
const ROWS: Readonly<Record<Row, readonly string[]>> = {
  public:   [IN,       IN,       IN,       IN,         IN,         IN,         IN,         IN, IN,         IN,         IN],
  viewer:   [NO_TOKEN, NO_TOKEN, NO_TOKEN, BY_GATEWAY, BY_HANDLER, IN,         IN,         IN, IN,         IN,         IN],
  operator: [NO_TOKEN, NO_TOKEN, NO_TOKEN, BY_GATEWAY, BY_HANDLER, BY_HANDLER, IN,         IN, BY_GATEWAY, IN,         IN],
  admin:    [NO_TOKEN, NO_TOKEN, NO_TOKEN, BY_GATEWAY, BY_HANDLER, BY_HANDLER, BY_HANDLER, IN, BY_GATEWAY, BY_GATEWAY, IN],
  'admin, a person':
            [NO_TOKEN, NO_TOKEN, NO_TOKEN, BY_GATEWAY, BY_HANDLER, BY_HANDLER, BY_HANDLER, IN, BY_GATEWAY, BY_GATEWAY, BY_HANDLER],
};

let running: Shared;
let callers: Callers;
beforeAll(async () => {
  running = await joinShared();
  const persons = [undefined, ...ROLES].map(async (role) => [
    role ?? 'no role',
    await personIn(role === undefined ? [] : [role]),
  ]);
  const machines = ROLES.map(async (role) => [`machine ${role}`, await machineToken(running.stack, `local-${role}`)]);
  callers = {
    anonymous: undefined,
    garbage: 'garbage',
    foreign: await foreign(),
    'id token': await idToken(),
    ...Object.fromEntries(await Promise.all([...persons, ...machines])),
  };
});

/** Logs in a new user in these groups. @returns the token. */
async function personIn(groups: readonly string[]): Promise<string> {
  const person = { email: `${crypto.randomUUID()}@example.com`, password: 'a password of their own' };
  await running.addUser({ ...person, groups });
  return (await login(running.call, person)).access_token;
}

/** An admin's token, right in every letter but for the key that signed it. */
async function foreign(): Promise<string> {
  const { privateKey } = await jose.generateKeyPair('RS256');
  const { alg = 'RS256', ...header } = jose.decodeProtectedHeader(running.token);
  return new jose.SignJWT(jose.decodeJwt(running.token)).setProtectedHeader({ ...header, alg }).sign(privateKey);
}

/** An admin's, too. */
async function idToken(): Promise<string> {
  const { cognitoEndpoint: endpoint, outputs } = running.stack;
  const cognito = new CognitoIdentityProviderClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const AuthParameters = { USERNAME: USER.email, PASSWORD: USER.password };
  const ClientId = outputs.UserPoolClientId;
  const command = new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters });
  return (await cognito.send(command)).AuthenticationResult?.IdToken ?? '';
}

describe('every route of the table, for each caller', () => {
  it.each(withHead.map((route) => [titled(route, COLUMNS, ROWS[rowFor(route)]), route] as const))(
    '%s',
    async (_, route) => {
      const expected = Object.fromEntries(COLUMNS.map((name, at) => [name, ROWS[rowFor(route)][at]]));
      expect(await rowOf(running.call, route, callers)).toEqual(expected);
    },
  );

  it('has a row for each role that a route may require', () => {
    expect(new Set(table.map(rowFor))).toEqual(new Set(Object.keys(ROWS)));
  });
});

describe('a group', () => {
  const guarded = withHead.filter(({ access }) => access !== 'public');

  it.each([[['Admin']], [['administrators', 'viewers']], [['anycheck-snapshots/admin']], [['[admin]']]])(
    'that is not called just as a role gives none: %j',
    async (groups) => {
      const token = await personIn(groups);
      for (const route of guarded) {
        expect([routeKey(route), await verdict(running.call, route, token)]).toEqual([routeKey(route), BY_HANDLER]);
      }
    },
  );

  it('among others gives its role', async () => {
    const token = await personIn(['staff', 'operator', 'viewer']);
    for (const route of guarded) {
      const expected = route.access === 'admin' ? BY_HANDLER : IN;
      expect([routeKey(route), await verdict(running.call, route, token)]).toEqual([routeKey(route), expected]);
    }
  });
});

it('the refusal of the handler names the required role and the roles of the caller', async () => {
  const response = await running.call('/groups/88888888-8888-4888-8888-888888888888', {
    method: 'DELETE',
    headers: { authorization: `Bearer ${callers.viewer}` },
  });
  expect(await response.json()).toEqual({
    error_code: 'FORBIDDEN',
    message: 'This needs the role admin; this token has viewer.',
  });
});

it.each(ROLES.flatMap((role) => [[role, role, true] as const, [`machine ${role}`, role, false] as const]))(
  'GET /whoami returns to %s the role %s, whether that is a person (%s), and the subject of the token',
  async (name, role, is_person) => {
    const token = callers[name] ?? '';
    const response = await running.call('/whoami', { headers: { authorization: `Bearer ${token}` } });
    expect(await response.json()).toEqual({ who: jose.decodeJwt(token).sub, role, is_person });
  },
);
