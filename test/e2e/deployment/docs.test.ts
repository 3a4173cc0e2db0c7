import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { PAGE as CONSOLE_PAGE } from '../../../functions/console/files.ts';
import { DESCRIPTION, FILES, INDEX, PAGE } from '../../../functions/docs/files.ts';
import { routes } from '../../../functions/routes.ts';
import { openapi } from '../../../lib/api/openapi/document.ts';
import project from '../../../package.json' with { type: 'json' };
import { failureOf } from '../stack/calls.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

let running: Shared;
beforeAll(async () => {
  running = await joinShared();
});

const plain = { headers: { 'accept-encoding': 'identity' } };
const paths = ['/', '/openapi.json', '/docs', ...FILES.map(([file]) => `/docs/${file}`)];

describe('GET /openapi.json', () => {
  it('is the public description of the routes', async () => {
    const response = await running.call('/openapi.json');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(openapi(routes, project.version))));
  });
});

describe.each(paths)('GET %s', (path) => {
  it('may be kept for minutes, and is sent again only when it changed', async () => {
    const response = await running.call(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const etag = response.headers.get('etag') ?? '';
    const again = await running.call(path, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await running.call(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('is gzipped for those who take that, the same text for all', async () => {
    const [zipped, unzipped] = [await running.call(path), await running.call(path, plain)];
    expect([zipped, unzipped].map(({ headers }) => [headers.get('content-encoding'), headers.get('vary')])).toEqual([
      ['gzip', 'accept-encoding'],
      [null, 'accept-encoding'],
    ]);
    expect(await zipped.text()).toBe(await unzipped.text());
  });
});

describe('GET /docs', () => {
  it('loads its own files alone, each named from the page, whatever stands in front of the path', async () => {
    const html = await (await running.call('/docs')).text();
    const loaded = Array.from(html.matchAll(/(?:src|href)="([^"]*)"/g), ([, to = '']) => to);
    expect(loaded.filter((to) => !to.startsWith('data:')).sort()).toEqual(
      [...FILES.map(([file]) => `docs/${file}`), 'openapi.json'].sort(),
    );
    expect(html).toContain('data-url="openapi.json"');
    const script = await (await running.call('/docs/start.js')).text();
    for (const text of [html, script]) expect(text).not.toMatch(/\/\/|<style|style=|<script>|\son\w+=/);
    const css = await (await running.call('/docs/swagger-ui.css')).text();
    const ownCss = await (await running.call('/docs/page.css')).text();
    expect(`${css}${ownCss}`.includes('@import')).toBe(false);
    const drawn = Array.from(`${css}${ownCss}`.matchAll(/url\(["']?(.{5})/g), ([, from]) => from);
    expect(new Set(drawn)).toEqual(new Set(['data:']));
  });

  it('lets the browser call no other host and run no text as a script', async () => {
    const policy = (await running.call('/docs')).headers.get('content-security-policy') ?? '';
    const directives = Object.fromEntries(
      policy.split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources];
      }),
    );
    expect(directives).toMatchObject({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'connect-src': ["'self'"],
    });
    for (const source of Object.values(directives).flat()) expect(["'none'", "'self'", 'data:']).toContain(source);
  });

  it('has no other files', async () => {
    for (const file of ['nothing', 'index.js', 'swagger-ui.css.gz', '__proto__']) {
      const response = await running.call(`/docs/${file}`);
      expect([file, response.status]).toEqual([file, 404]);
      expect(await failureOf(response)).toMatchObject({ error_code: 'NOT_FOUND' });
    }
  });
});

describe('GET /docs of a public description', () => {
  it('has no form for a token', async () => {
    expect(await (await running.call('/docs')).text()).not.toContain('<form');
  });
});

describe('the description and the viewer’s files', () => {
  it('are packed with the one function that serves them, and in no other bundle', () => {
    const assembly = inject('assembly');
    const assets = readdirSync(assembly).filter((name) => name.startsWith('asset.'));
    // Beside what is code.
    const packed = assets.map((asset) => readdirSync(join(assembly, asset)).filter((name) => !name.endsWith('.js')));
    const files = [DESCRIPTION, INDEX, PAGE, ...FILES.map(([name]) => name)].map((name) => `${name}.gz`);
    const isOfConsole = (names: readonly string[]) => names.includes(`${CONSOLE_PAGE}.gz`);
    expect(packed.filter((names) => names.length > 0 && !isOfConsole(names))).toEqual([files.sort()]);
    for (const asset of assets) {
      const bundle = readFileSync(join(assembly, asset, 'index.js'), 'utf8');
      // What the viewer's script says of itself.
      expect(bundle).not.toContain('swagger-ui-bundle.js.LICENSE');
      expect(bundle.length).toBeLessThan(1_500_000);
    }
  });

  it('come from the viewer’s package as they are', async () => {
    const text = await (await running.call('/docs/swagger-ui-bundle.js')).text();
    expect(text).toContain('swagger-ui-bundle.js.LICENSE');
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(readFileSync('node_modules/swagger-ui-dist/package.json', 'utf8')));
    expect(version).toBe(project.dependencies['swagger-ui-dist']);
  });
});
