import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';

const SCRIPT = readFileSync(new URL('../../../../functions/docs/browser/start.js', import.meta.url), 'utf8');
const KEY = 'anycheck-snapshots.token';

/** What the script passes to the viewer, as far as these tests read it. */
interface Options {
  readonly [name: string]: unknown;
  readonly plugins: readonly [{ statePlugins: { auth: { wrapActions: Record<'authorize' | 'logout', Wrap> } } }];
  onComplete(): void;
}
type Wrap = (original: (payload: unknown) => string) => (payload: unknown) => string;

interface Tab {
  readonly isGuarded?: boolean;
  /** The tab's storage. Without it, the browser blocks storage. */
  readonly stored?: Map<string, string> | undefined;
  /** The answer's status, for each token. */
  readonly statusOf?: (token: string) => number;
}

/** The page in a tab of a browser: its elements, the calls that it makes, and what it shows. */
function opened({ isGuarded = false, stored, statusOf = () => 200 }: Tab) {
  const shown: Options[] = [];
  const authorized: unknown[] = [];
  const called: unknown[] = [];
  let submit = (_: object) => {};
  const field = { value: '', select: () => {} };
  const button = { disabled: false };
  const refusal = { textContent: '' };
  const form = {
    hidden: true,
    isRemoved: false,
    querySelector: (selector: string) => ({ input: field, button, '[role=alert]': refusal })[selector],
    addEventListener: (_: string, listener: typeof submit) => (submit = listener),
    remove: () => (form.isRemoved = true),
  };
  runInNewContext(SCRIPT, {
    document: {
      querySelector: (selector: string) =>
        selector === '#viewer' ? { dataset: { url: 'openapi.json' } } : isGuarded ? form : null,
    },
    get sessionStorage() {
      if (!stored) throw new Error('blocked');
      return {
        getItem: (key: string) => stored.get(key) ?? null,
        setItem: (key: string, value: string) => stored.set(key, value),
        removeItem: (key: string) => stored.delete(key),
      };
    },
    SwaggerUIBundle: (options: Options) => {
      shown.push(options);
      return { preauthorizeApiKey: (...parameters: unknown[]) => authorized.push(parameters) };
    },
    fetch: async (url: string, { headers }: { headers: { authorization: string } }) => {
      called.push([url, headers.authorization]);
      const status = statusOf(headers.authorization.slice('Bearer '.length));
      if (status === 0) throw new TypeError('Failed to fetch');
      return { ok: status === 200, status, json: async () => ({ openapi: '3.1.1' }) };
    },
  });
  return {
    shown,
    authorized,
    called,
    form,
    refusal,
    button,
    async enter(token: string) {
      field.value = token;
      submit({ preventDefault: () => {} });
      await setImmediate();
    },
  };
}

const actionsOf = ({ shown }: ReturnType<typeof opened>) => {
  const [options] = shown;
  if (!options) throw new Error('the page shows nothing');
  return options.plugins[0].statePlugins.auth.wrapActions;
};

describe('the page of a public description', () => {
  it('shows the document at its address, sends nothing before “Try it out”, and keeps nothing in localStorage', () => {
    const { shown, called } = opened({ stored: new Map() });
    expect(shown).toMatchObject([{ url: 'openapi.json', tryItOutEnabled: false, persistAuthorization: false }]);
    expect(called).toEqual([]);
  });

  it('stores the token of an authorization in the tab, and removes it at the logout', () => {
    const stored = new Map<string, string>();
    const { authorize, logout } = actionsOf(opened({ stored }));
    expect(authorize(() => 'authorized')({ token: { value: 'a.b.c' } })).toBe('authorized');
    expect([...stored]).toEqual([[KEY, 'a.b.c']]);
    expect(logout(() => 'logged out')(['token'])).toBe('logged out');
    expect([...stored]).toEqual([]);
  });

  it('authorizes with the stored token once the document is there', () => {
    const { shown, authorized } = opened({ stored: new Map([[KEY, 'a.b.c']]) });
    expect(authorized).toEqual([]);
    shown[0]?.onComplete();
    expect(authorized).toEqual([['token', 'a.b.c']]);
  });

  it('works in a browser that blocks storage', () => {
    const page = opened({});
    page.shown[0]?.onComplete();
    expect(actionsOf(page).authorize(() => 'authorized')({ token: { value: 'a.b.c' } })).toBe('authorized');
    expect(page.authorized).toEqual([]);
  });
});

describe('the page of a guarded description', () => {
  it('requires a token before it calls or shows anything', () => {
    const { form, shown, called } = opened({ isGuarded: true, stored: new Map() });
    expect([form.hidden, shown, called]).toEqual([false, [], []]);
  });

  it('shows the document that it receives with the token, stores the token, and removes the form', async () => {
    const stored = new Map<string, string>();
    const page = opened({ isGuarded: true, stored });
    await page.enter(' Bearer a.b.c\n');
    expect(page.called).toEqual([['openapi.json', 'Bearer a.b.c']]);
    expect(page.shown).toMatchObject([{ spec: { openapi: '3.1.1' }, tryItOutEnabled: false }]);
    expect([page.form.isRemoved, [...stored]]).toEqual([true, [[KEY, 'a.b.c']]]);
    page.shown[0]?.onComplete();
    expect(page.authorized).toEqual([['token', 'a.b.c']]);
  });

  it('uses the token that the tab already has', async () => {
    const page = opened({ isGuarded: true, stored: new Map([[KEY, 'a.b.c']]) });
    await setImmediate();
    expect([page.form.isRemoved, page.shown.length]).toEqual([true, 1]);
  });

  it.each([
    [401, /refused this token/],
    [403, /has no role/],
    [503, /answered with status 503/],
    [0, /cannot be reached/],
  ])('says why it shows nothing after status %i, and takes another token', async (status, reason) => {
    const stored = new Map<string, string>();
    const page = opened({ isGuarded: true, stored, statusOf: (token) => (token === 'good' ? 200 : status) });
    await page.enter('bad');
    expect([page.form.hidden, page.shown, page.button.disabled, [...stored]]).toEqual([false, [], false, []]);
    expect(page.refusal.textContent).toMatch(reason);
    await page.enter('good');
    expect([page.form.isRemoved, page.shown.length]).toEqual([true, 1]);
  });

  it('forgets a stored token that is refused, and keeps it through a failure of the service', async () => {
    for (const [status, left] of [
      [401, 0],
      [503, 1],
    ] as const) {
      const stored = new Map([[KEY, 'old']]);
      const page = opened({ isGuarded: true, stored, statusOf: () => status });
      await setImmediate();
      expect([page.form.hidden, stored.size]).toEqual([false, left]);
    }
  });
});
