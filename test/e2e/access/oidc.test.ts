import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as jose from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { type LocalStack, startLocal } from '../../../lib/local/main.ts';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { CLIENT_ID, startIssuer } from '../../fakes/oidc-issuer.ts';
import { described } from '../stack/calls.ts';
import { WEBHOOK_TOKEN } from '../stack/options.ts';
import {
  BY_HANDLER,
  type Callers,
  IN,
  NO_TOKEN,
  type Row,
  rowFor,
  rowOf,
  titled,
  verdict,
  withHead,
} from './role-table.ts';

/** The gateway refuses only callers without a token of the issuer for the audience. */
const COLUMNS = [
  ...['anonymous', 'garbage', 'foreign', 'for another', 'no role', 'scope alone', 'in “not admin”'],
  ...['viewer', 'operator', 'admin', 'machine viewer', 'machine operator', 'machine admin'],
  ...['service account', 'application', 'without the claim'],
];
const withoutRole = [NO_TOKEN, NO_TOKEN, NO_TOKEN, NO_TOKEN, BY_HANDLER, BY_HANDLER, BY_HANDLER];
const ROWS: Readonly<Record<Row, readonly string[]>> = {
  public: COLUMNS.map(() => IN),
  viewer: [...withoutRole, IN, IN, IN, IN, IN, IN, IN, IN, IN],
  operator: [...withoutRole, BY_HANDLER, IN, IN, BY_HANDLER, IN, IN, IN, IN, IN],
  admin: [...withoutRole, BY_HANDLER, BY_HANDLER, IN, BY_HANDLER, BY_HANDLER, IN, IN, IN, IN],
  'admin, a person': [
    ...withoutRole,
    ...[BY_HANDLER, BY_HANDLER, IN],
    ...[BY_HANDLER, BY_HANDLER, BY_HANDLER],
    ...[BY_HANDLER, BY_HANDLER, BY_HANDLER],
  ],
};
const deployed = withHead.filter(({ lambda }) => lambda !== 'auth');

let directory: string;
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let other: typeof issuer;
let stack: LocalStack;
let callDescribed: Awaited<ReturnType<typeof described>>;
let callers: Callers;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oidc-'));
  [issuer, other] = await Promise.all([startIssuer(), startIssuer()]);
  const context = { ...issuer.settings, console_connect_origins: other.url };
  stack = await startLocal({
    assembly: await synthesize({ outdir: join(directory, 'cdk.out'), context, bundles: inject('bundles') }),
    dataDir: join(directory, 'data'),
    anycheckBaseUrl: 'http://127.0.0.1:9',
    anycheckCredentials: { apiKey: 'unused' },
    webhookToken: WEBHOOK_TOKEN,
  });
  callDescribed = await described(stack);
  const person = (roles: unknown, more: jose.JWTPayload = {}) =>
    issuer.sign({ sub: 'p', azp: 'app', preferred_username: 'siti', roles, ...more });
  const machine = (role: string) => issuer.sign({ sub: 'm', client_id: 'm', scope: `anycheck-snapshots/${role}` });
  const admin = { sub: 'p', roles: ['admin'] };
  callers = {
    anonymous: undefined,
    garbage: 'garbage',
    foreign: await other.sign(admin),
    'for another': await issuer.sign({ ...admin, aud: 'app' }),
    'no role': await person([]),
    'scope alone': await person(undefined, { scope: 'openid anycheck-snapshots/admin' }),
    'in “not admin”': await person(['not admin', 'not viewer']),
    viewer: await person('viewer'),
    operator: await person(['IT staff', 'operator']),
    admin: await person(['admin', 'viewer']),
    'machine viewer': await machine('viewer'),
    'machine operator': await machine('operator'),
    'machine admin': await machine('admin'),
    'service account': await person('admin', { preferred_username: 'service-account-scoring' }),
    application: await person('admin', { sub: 'o', oid: 'o' }),
    'without the claim': await issuer.sign({ ...admin, azp: 'app' }),
  };
});
afterAll(async () => {
  await stack?.close();
  await Promise.all([issuer?.close(), other?.close()]);
  await rm(directory, { recursive: true, force: true });
});
const call = (path: string, init?: RequestInit) => callDescribed(`${stack.url}${path}`, init);

describe('every route of the table but logins, for each caller with a token of an existing issuer', () => {
  it.each(deployed.map((route) => [titled(route, COLUMNS, ROWS[rowFor(route)]), route] as const))(
    '%s',
    async (_, route) => {
      const expected = Object.fromEntries(COLUMNS.map((name, at) => [name, ROWS[rowFor(route)][at]]));
      expect(await rowOf(call, route, callers)).toEqual(expected);
    },
  );
});

it('logins are not there: they answer 401 without a token, as any unknown path', async () => {
  for (const route of withHead.filter(({ lambda }) => lambda === 'auth')) {
    expect(await verdict(call, route)).toBe(NO_TOKEN);
    const headers = { authorization: `Bearer ${callers.admin}` };
    expect((await call(route.path, { method: route.method, headers })).status).toBe(404);
  }
  expect([stack.hasUsers, stack.machineClients]).toEqual([false, []]);
});

it('the description has the routes of this deployment: all of the table but the logins', async () => {
  const { paths } = z
    .object({ paths: z.record(z.string(), z.unknown()) })
    .parse(await (await call('/openapi.json')).json());
  expect(Object.keys(paths).sort()).toEqual([...new Set(deployed.map(({ path }) => path))].sort());
});

describe('the console', () => {
  it('has what a login at the issuer needs, and may call the issuer and the origins in the settings', async () => {
    const page = await call('/console');
    const [, settings = ''] = /<meta name="console-settings" content="([^"]*)">/.exec(await page.text()) ?? [];
    expect(JSON.parse(settings.replaceAll('&quot;', '"'))).toEqual({
      login: 'oidc',
      issuer: issuer.url,
      client_id: CLIENT_ID,
      scopes: 'openid offline_access',
    });
    expect(page.headers.get('content-security-policy')).toContain(`; connect-src 'self' ${issuer.url} ${other.url};`);
  });
});

describe('GET /whoami', () => {
  const whoami = async (name: string) =>
    (await call('/whoami', { headers: { authorization: `Bearer ${callers[name]}` } })).json();

  it('says who the caller is by the claims in the settings', async () => {
    expect(await whoami('admin')).toEqual({ who: 'p', role: 'admin', is_person: true });
    expect(await whoami('operator')).toEqual({ who: 'p', role: 'operator', is_person: true });
    expect(await whoami('machine viewer')).toEqual({ who: 'm', role: 'viewer', is_person: false });
    expect(await whoami('without the claim')).toEqual({ who: 'p', role: 'admin', is_person: false });
  });
});
