import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSigningKey, type SigningKey } from '../../../lib/local/issuer/signing-key.ts';
import { openState } from '../../../lib/local/storage/state.ts';
import { login, post } from '../stack/calls.ts';
import { USER } from '../stack/options.ts';
import { joinShared, type Shared } from '../stack/shared.ts';
import { FORBIDDEN, forgedTokens } from './forged-tokens.ts';
import { table } from './role-table.ts';

let running: Shared;
let attacks: Record<string, string>;
beforeAll(async () => {
  running = await joinShared();
  const { refresh_token } = await login(running.call);
  attacks = {
    'no token': '',
    'a refresh token': `Bearer ${refresh_token}`,
    ...(await forgedTokens(running.token, await signingKey())),
  };
});

/** The issuer's own: what is wrong with a token that it signs is wrong with its claims alone. */
async function signingKey(): Promise<SigningKey> {
  const state = openState(join(running.stack.dataDir, 'state.db'));
  const key = await loadSigningKey(state);
  state.close();
  return key;
}

/** Logins of either kind whose times are compared. */
const PAIRS = 150;

/** Every route that needs a token, and what is no route at all. */
const guarded = [
  ...table.filter(({ access }) => access !== 'public'),
  { method: 'PUT', path: '/no/such/path' },
  { method: 'GET', path: '/no' },
  { method: 'POST', path: '/' },
] as const;
const calls = guarded.map(({ method, path }) => ({
  method,
  path: path.replace('{result_id}', '88888888-8888-4888-8888-888888888888'),
}));

describe('every route that needs a token', () => {
  it('refuses one that is missing, foreign, forged, tampered with, out of its time, or for another audience', async () => {
    const rows = Object.entries(attacks).map(async ([attack, authorization]) => {
      const answers = calls.map(async ({ method, path }) => {
        const response = await running.call(path, { method, headers: authorization === '' ? {} : { authorization } });
        return `${response.status} ${await response.text()}`;
      });
      return [attack, [...new Set(await Promise.all(answers))]] as const;
    });
    const found = await Promise.all(rows);
    console.log(
      `${calls.length} routes\n${found.map(([attack, answers]) => `| ${attack} | ${answers.join()} |`).join('\n')}`,
    );
    const expected = Object.keys(attacks).map((attack) => [
      attack,
      [FORBIDDEN.includes(attack) ? '403 {"message":"Forbidden"}' : '401 {"message":"Unauthorized"}'],
    ]);
    expect(found).toEqual(expected);
  });

  it('lets the untouched token in, by header alone', async () => {
    const authorization = `Bearer ${running.token}`;
    for (const { method, path } of calls) {
      const { status } = await running.call(path, { method, headers: { authorization } });
      expect([method, path, status < 500 && status !== 401 && status !== 403]).toEqual([method, path, true]);
      for (const name of ['access_token', 'token', 'authorization', 'Authorization']) {
        const inQuery = `${path}?${new URLSearchParams({ [name]: authorization })}`;
        expect((await running.call(inQuery, { method, headers: { cookie: `${name}=${running.token}` } })).status).toBe(
          401,
        );
      }
    }
  });
});

describe('another origin', () => {
  const everywhere = [...table.map(({ method, path }) => ({ method, path })), ...guarded];

  it.each(['https://evil.example', 'null'])(
    '%s is allowed nothing: no preflight passes, no answer may be read',
    async (origin) => {
      for (const { method, path } of everywhere) {
        const preflightHeaders = {
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization',
        };
        const preflight = await running.call(path, { method: 'OPTIONS', headers: { origin, ...preflightHeaders } });
        expect([method, path, preflight.status]).toEqual([method, path, 401]);
        const authorization = `Bearer ${running.token}`;
        const simple = await running.call(path, { method, headers: { origin, authorization } });
        for (const { headers } of [preflight, simple]) {
          expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
        }
      }
    },
  );
});

describe('a login that fails', () => {
  const wrong = { ...USER, password: 'wrong-password' };
  const unknown = { email: 'nobody.in@example.com', password: 'wrong-password' };

  it('is answered alike, letter by letter, whether the user is known, unknown, or has a step to take', async () => {
    const waiting = { email: 'waiting@example.com', password: 'temporary-1' };
    await running.addUser({ ...waiting, challenge: 'NEW_PASSWORD_REQUIRED' });
    const answers = [wrong, unknown, { ...waiting, password: 'wrong-password' }].map(async (credentials) => {
      const response = await post(running.call, '/auth/login', credentials);
      const { date, 'x-request-id': id, 'apigw-requestid': same, ...headers } = Object.fromEntries(response.headers);
      return { status: response.status, headers, body: await response.text() };
    });
    const [first, ...others] = await Promise.all(answers);
    expect(first?.status).toBe(401);
    expect(others).toEqual([first, first]);
  });

  it('takes as long for an unknown user as for a wrong password', async () => {
    const took = async (credentials: object) => {
      const begun = performance.now();
      await (await post(running.call, '/auth/login', credentials)).text();
      return performance.now() - begun;
    };
    for (const credentials of [wrong, unknown]) await took(credentials);
    // One after the other, each first as often: whatever else this machine does, it does to both.
    let longer = 0;
    for (let i = 0; i < PAIRS; i++) {
      const early = await took(i % 2 === 0 ? wrong : unknown);
      const late = await took(i % 2 === 0 ? unknown : wrong);
      if (i % 2 === 0 ? early > late : late > early) longer++;
    }
    const share = longer / PAIRS;
    console.log(`a wrong password took longer than an unknown user in ${Math.round(share * 100)} % of ${PAIRS} pairs`);
    // Of a fair coin, 150 tosses are outside of this once in a million times.
    expect(Math.abs(share - 0.5)).toBeLessThan(0.2);
  });
});

describe('a refresh token', () => {
  it('that many use at once gives tokens to one of them', async () => {
    const { refresh_token } = await login(running.call);
    const all = Array.from({ length: 8 }, () => post(running.call, '/auth/refresh', { refresh_token }));
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 401)]);
  });

  it('is no access token, and an access token is none', async () => {
    expect((await post(running.call, '/auth/refresh', { refresh_token: running.token })).status).toBe(401);
  });
});
