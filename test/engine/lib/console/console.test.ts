import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PAGE } from '../../../../functions/console/files.ts';
import { consoleFiles, consoleLoginOf } from '../../../../lib/console/console.ts';
import { parseSettings } from '../../../../lib/settings/settings.ts';
import { templateOf, VARIANTS } from '../../../fakes/template.ts';

const ISSUER = VARIANTS['with an issuer that is there already'];
const MAX_GZIPPED_BYTES = 60_000;

const { [PAGE]: html = '', ...files } = consoleFiles({ login: 'password' });
const named = (end: string) => Object.entries(files).filter(([name]) => name.endsWith(end));

describe('the page', () => {
  it('is one script and one style sheet, named by their content', () => {
    expect(Object.keys(files)).toHaveLength(2);
    expect(named('.js')).toHaveLength(1);
    expect(named('.css')).toHaveLength(1);
    for (const name of Object.keys(files)) expect(name).toMatch(/^[0-9a-f]{16}\.(js|css)$/);
    expect(consoleFiles({ login: 'password' })).toEqual({ [PAGE]: html, ...files });
  });

  it('takes 60 KB at most, gzipped', () => {
    const bytes = [html, ...Object.values(files)].map((text) => gzipSync(text, { level: 9 }).length);
    const total = bytes.reduce((sum, one) => sum + one, 0);
    console.log(`The console takes ${total} bytes, gzipped.`);
    expect(total).toBeLessThanOrEqual(MAX_GZIPPED_BYTES);
  });

  it('loads those two files alone, and has no inline script, no inline style and no handler in its markup', () => {
    const loaded = Array.from(html.matchAll(/(?:src|href)="([^"]*)"/g), ([, to = '']) => to);
    const own = Object.keys(files).map((name) => `/console/${name}`);
    expect(loaded.toSorted()).toEqual(['/docs', 'data:,', ...own].toSorted());
    expect(html).not.toMatch(/<style|style=|<script>|\son\w+=/);
  });

  it('has no code from text, and no HTML from text, which its policy would stop', () => {
    const [[, script = ''] = []] = named('.js');
    expect(script).not.toMatch(/\beval\(|new Function\(|insertAdjacentHTML|document\.write/);
  });

  it('has how people log in as text of its HTML, whatever stands in it', () => {
    const login = {
      login: 'oidc',
      issuer: 'https://a.example.com/"><script>&amp;',
      client_id: "'",
      scopes: 'a',
    } as const;
    const { [PAGE]: other = '' } = consoleFiles(login);
    const [, settings = ''] = /<meta name="console-settings" content="([^"]*)">/.exec(other) ?? [];
    const entities: Readonly<Record<string, string>> = { amp: '&', quot: '"', lt: '<', gt: '>' };
    expect(JSON.parse(settings.replaceAll(/&(\w+);/g, (_, name: string) => entities[name] ?? ''))).toEqual(login);
    expect(other.match(/<script/g)).toHaveLength(1);
  });
});

describe('how people log in', () => {
  const loginOf = (settings: Record<string, unknown>) => consoleLoginOf(parseSettings(settings));

  it('is by password with the user pool, at the issuer with one and a client, and there is no console else', () => {
    expect(loginOf({})).toEqual({ login: 'password' });
    const { oidc_issuer: issuer } = ISSUER;
    expect(loginOf(ISSUER)).toEqual({ login: 'oidc', issuer, client_id: 'console', scopes: 'openid' });
    const audience = 'https://snapshots.example.com';
    expect(loginOf({ ...ISSUER, console_audience: audience })).toMatchObject({ audience });
    expect(loginOf({ ...ISSUER, console_client_id: undefined })).toBeUndefined();
    for (const settings of [{}, ISSUER]) expect(loginOf({ ...settings, console: false })).toBeUndefined();
  });
});

describe('the function of the console', () => {
  const ofConsole = (settings: Record<string, unknown>) => {
    const { Resources, Outputs } = templateOf(settings).toJSON();
    return [...Object.keys(Resources), ...Object.keys(Outputs)].filter((id) => /console/i.test(id));
  };

  it('is not deployed, nor a route or an output of it, without a console', () => {
    expect(ofConsole({}).length).toBeGreaterThan(5);
    for (const settings of [{ console: false }, { ...ISSUER, console_client_id: undefined }]) {
      expect(ofConsole(settings)).toEqual([]);
    }
  });

  it('lets the page call the origin of the issuer and those in the settings, each once', () => {
    const origins = (settings: Record<string, unknown>) =>
      Object.entries(templateOf(settings).findResources('AWS::Lambda::Function')).flatMap(([id, { Properties }]) =>
        id.startsWith('Console') ? [Properties.Environment] : [],
      );
    const allowing = (CONNECT_ORIGINS: string) => [{ Variables: { CONNECT_ORIGINS } }];
    expect(origins({})).toEqual(allowing(''));
    expect(origins({ ...ISSUER, oidc_issuer: 'https://login.example.com/tenant/' })).toEqual(
      allowing('https://login.example.com'),
    );
    const connect = ['https://login.example.com', 'https://tokens.example.com'];
    expect(origins({ ...ISSUER, console_connect_origins: connect })).toEqual(allowing(connect.join(' ')));
  });
});
