import { beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../stack/calls.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

let running: Shared;
/** The paths of the page's script and style sheet, by their types. */
let files: Readonly<Record<string, string>>;
beforeAll(async () => {
  running = await joinShared();
  const html = await (await running.call('/console')).text();
  const named = Array.from(html.matchAll(/(?:src|href)="(\/console\/[^"]+\.(js|css))"/g));
  files = Object.fromEntries(named.map(([, path = '', type = '']) => [type, path]));
});

const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

describe('GET /console', () => {
  it('is a page that runs its own files alone, calls its own host alone, and turns no text into HTML', async () => {
    const { status, headers } = await running.call('/console');
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-cache',
    });
  });

  it('is the same whatever the query is, which holds the state of the page', async () => {
    const page = await (await running.call('/console')).text();
    for (const query of ['?view=groups&phase=active', '?code=a&state=b&iss=c', '?%00=%22%3E%3Cscript%3E', '?a&a&a=']) {
      const response = await running.call(`/console${query}`);
      expect([response.status, await response.text()]).toEqual([200, page]);
    }
  });

  it('has no other files, and none of the function’s', async () => {
    for (const file of ['nothing', 'index.js', 'console.html', 'console.html.gz', '__proto__']) {
      const response = await running.call(`/console/${file}`);
      expect([file, response.status]).toEqual([file, 404]);
      expect(await failureOf(response)).toMatchObject({ error_code: 'NOT_FOUND' });
    }
  });
});

describe.each(['js', 'css'] as const)('the %s file', (type) => {
  it('may be kept for a year, because its name changes with its content', async () => {
    const { status, headers } = await running.call(files[type] ?? '');
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': TYPES[type],
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is gzipped for callers that take that', async () => {
    const [zipped, plain] = await Promise.all(
      ['gzip', 'identity'].map((coding) => running.call(files[type] ?? '', { headers: { 'accept-encoding': coding } })),
    );
    expect([zipped, plain].map((one) => one?.headers.get('content-encoding'))).toEqual(['gzip', null]);
    expect(await zipped?.text()).toBe(await plain?.text());
  });
});

it.each(['page', 'js', 'css'])(
  'the %s is 304 where the caller has it, and HEAD has its headers alone',
  async (what) => {
    const path = files[what] ?? '/console';
    const { headers } = await running.call(path);
    const etag = headers.get('etag') ?? '';
    const again = await running.call(path, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await running.call(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const head = await running.call(path, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
  },
);

describe('GET / of a deployment with a console', () => {
  it('names its address', async () => {
    expect(await (await running.call('/')).json()).toMatchObject({ addresses: { console: '/console' } });
  });
});
