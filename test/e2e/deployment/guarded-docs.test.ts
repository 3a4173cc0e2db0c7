import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { FILES } from '../../../functions/docs/files.ts';
import { type LocalStack, startLocal } from '../../../lib/local/main.ts';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { temporaryDirectory } from '../../engine/lib/local/support/running.ts';
import { failureOf, login } from '../stack/calls.ts';
import { describedBy } from '../stack/described.ts';
import { USER } from '../stack/options.ts';

const VIEWER = { email: 'viewer@example.com', password: 'a password of the viewer' };
const NO_ROLE = { email: 'nobody@example.com', password: 'a password of nobody' };

const directory = temporaryDirectory();
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocal({
    assembly: await synthesize({
      context: { openapi_public: false },
      outdir: join(directory.path, 'cdk.out'),
      bundles: inject('bundles'),
    }),
    dataDir: join(directory.path, 'data'),
    user: { ...USER, groups: ['admin'] },
  });
  stack.addUser({ ...VIEWER, groups: ['viewer'] });
  stack.addUser({ ...NO_ROLE, groups: [] });
});
afterAll(async () => {
  await stack?.close();
  directory.remove();
});

const call = (path: string, init?: RequestInit) => fetch(`${stack.url}${path}`, init);
const tokenOf = async (user: typeof USER) => (await login(call, user)).access_token;
const withToken = (token: string, headers = {}) => ({ headers: { authorization: `Bearer ${token}`, ...headers } });

describe('GET /openapi.json with the setting openapi_public false', () => {
  it('returns 401 without a token, and for a token that is none', async () => {
    for (const init of [{}, withToken('none')]) {
      const response = await call('/openapi.json', init);
      expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    }
  });

  it('returns 403 for a user without a role', async () => {
    const response = await call('/openapi.json', withToken(await tokenOf(NO_ROLE)));
    expect(response.status).toBe(403);
    expect(await failureOf(response)).toMatchObject({ error_code: 'FORBIDDEN' });
  });

  it('returns the document to a viewer, as it describes itself, and to no shared cache', async () => {
    const response = await call('/openapi.json', withToken(await tokenOf(VIEWER)));
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
    const document: unknown = await response.clone().json();
    expect(z.object({ openapi: z.string() }).parse(document).openapi).toBe('3.1.1');
    const check = describedBy(document);
    await check('GET', '/openapi.json', response);
    await check('GET', '/openapi.json', await call('/openapi.json'));
  });

  it('returns 304 for its ETag, to a caller with a token only', async () => {
    const token = await tokenOf(VIEWER);
    const etag = (await call('/openapi.json', withToken(token))).headers.get('etag') ?? '';
    const again = await call('/openapi.json', withToken(token, { 'if-none-match': etag }));
    expect([again.status, again.headers.get('cache-control')]).toEqual([304, 'private, no-cache']);
    expect((await call('/openapi.json', { headers: { 'if-none-match': etag } })).status).toBe(401);
  });
});

describe('GET /docs with the setting openapi_public false', () => {
  it('is a public page with a form for a token, and without the description', async () => {
    const response = await call('/docs');
    expect(response.status).toBe(200);
    const html = await response.text();
    expect(html).toContain('<form id="access" hidden>');
    expect(html).not.toMatch(/\/groups|\/verifications|<style|style=|<script>|\son\w+=/);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('has public files', async () => {
    for (const [file] of FILES) expect((await call(`/docs/${file}`)).status).toBe(200);
  });
});
