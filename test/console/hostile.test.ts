import { describe, expect } from 'vitest';
import { it } from './browser/it.ts';
import type { Tab } from './browser/tab.ts';
import { groupSource, newId, scored } from './groups.ts';
import { makeWorld, type Places } from './world.ts';

const HOSTILE =
  '"><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)></svg></textarea>javascript:alert(4)' +
  '{{constructor.constructor("alert(5)")()}}\u202e';
/** What the page must contain as text, and never as an element. */
const MARK = 'onerror=alert(1)';
const URL_STRINGS = [HOSTILE, 'javascript:alert(7)', '..', '../api-keys', '__proto__', '%00', '-1', '1e999'];

const TIME = /^\d{4}-\d\d-\d\dT/;
/** Members of which the page chooses a text of its own. */
const KEPT = ['role', 'who', 'status', 'state', 'change', 'phase', 'disabled_reason', 'error'];

/** Replaces every string of a JSON value, and the names of maps, with a hostile one. */
function hostile(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return TIME.test(value) || KEPT.includes(name) ? value : HOSTILE;
  if (Array.isArray(value)) return value.map((one) => hostile(one, name));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, one]) => [
    name === 'status_counts' ? HOSTILE : key,
    hostile(one, key),
  ]);
  return Object.fromEntries(members);
}

/** Nothing that came as text may have become an element. */
async function expectNoElements(tab: Tab): Promise<void> {
  expect(
    await tab.page.locator('img, iframe, object, embed, base, [onload], [onerror], a[href^="javascript" i]').count(),
  ).toBe(0);
  expect(await tab.page.locator('script').count()).toBe(1);
}

const JSON_BUTTON = /^JSON of/;

/** Opens and closes whatever a view hides. */
async function openAll(tab: Tab): Promise<void> {
  for (const summary of await tab.page.locator('summary').all()) await summary.click();
  for (const name of [JSON_BUTTON, 'Redact', 'Erase', 'Delete', /^Rotate/, /^Revoke/]) {
    const button = tab.page.getByRole('button', { name }).first();
    if ((await button.count()) === 0) continue;
    await button.click();
    if (name === JSON_BUTTON) continue;
    await tab.dialog().waitFor();
    await expectNoElements(tab);
    await tab.page.keyboard.press('Escape');
    await tab.dialog().waitFor({ state: 'detached' });
  }
}

describe('hostile text', () => {
  it('in every field that the API serves is shown as text, and nothing runs', async ({ open, service }) => {
    const places = await makeWorld(service);
    const tab = await open({ as: 'admin' });
    await tab.page.route(/\/(groups|verifications|webhook-endpoints|api-keys|health)\b/, async (route) => {
      const answer = await route.fetch();
      const text = await answer.text();
      if (!answer.ok() || text === '') return route.fulfill({ response: answer });
      await route.fulfill({ response: answer, json: hostile(JSON.parse(text)) });
    });
    for (const [name, query] of Object.entries(places)) {
      await tab.go(query);
      await tab.settled();
      if (name !== 'Health')
        expect([name, await tab.page.locator('main').innerText()]).toEqual([name, expect.stringContaining(MARK)]);
      await expectNoElements(tab);
      await openAll(tab);
      await expectNoElements(tab);
    }
  });

  it('in the message of an error is shown as text', async ({ open }) => {
    const tab = await open({ as: 'admin' });
    const json = { error_code: HOSTILE, message: HOSTILE, errors: [{ field: HOSTILE, message: HOSTILE }] };
    await tab.page.route('**/api-keys', (route) =>
      route.fulfill({ status: 400, headers: { 'x-request-id': HOSTILE.replace(/[^ -~]/g, '') }, json }),
    );
    await tab.link('API keys').click();
    await tab.shows(tab.page.getByRole('alert'), MARK);
    await expectNoElements(tab);
  });

  it('that AnyCheck and users sent is stored and shown as text', async ({ open, service }) => {
    const places = await makeWorld(service, {
      name: `key ${MARK}`.slice(0, 60),
      description: HOSTILE.replace(/[^ -~]/g, ''),
    });
    const id = newId();
    const output = JSON.stringify({ [HOSTILE]: HOSTILE });
    await service.setGroup(id, groupSource('COMPLETED', [{ id: HOSTILE, status: 'COMPLETED', output }]));
    await service.track(id);
    const all: Places = {
      ...places,
      timeline: `?view=group&id=${id}`,
      items: `?view=group&id=${id}&tab=items&item=0`,
      history: `?view=group&id=${id}&tab=history`,
    };
    const tab = await open({ as: 'admin' });
    const shown: string[] = [];
    for (const [name, query] of Object.entries(all)) {
      await tab.go(query);
      await tab.settled();
      await openAll(tab);
      await expectNoElements(tab);
      if ((await tab.page.locator('main').textContent())?.includes(MARK)) shown.push(name);
    }
    expect(shown).toEqual(expect.arrayContaining(['timeline', 'items', 'Webhooks', 'Webhook endpoint', 'API keys']));
  });

  it('in every parameter of the address runs nothing, and calls no other route', async ({ open, service }) => {
    const id = newId();
    await service.setGroup(id, scored('COMPLETED'));
    await service.track(id);
    const tab = await open({ as: 'admin' });
    const routes = /^GET \/(whoami|groups|verifications|webhook-endpoints|health\/deep|api-keys)(\/|$)/;
    for (const text of URL_STRINGS) {
      const value = encodeURIComponent(text);
      for (const query of [
        `?view=${value}`,
        `?view=groups&phase=${value}&status=${value}&failing=${value}`,
        `?view=group&id=${value}`,
        `?view=group&id=${id}&tab=items&version=${value}&item=${value}&offset=${value}&size=${value}`,
        `?view=group&id=${id}&tab=items&as_of=${value}`,
        `?view=group&id=${id}&tab=compare&from=${value}&to=${value}`,
        `?view=webhooks&id=${value}&status=${value}&result_id=${value}`,
        `?code=${value}&state=${value}#${value}`,
      ]) {
        await tab.go(query);
        await tab.settled();
        await expectNoElements(tab);
      }
    }
    expect(tab.calls().filter((call) => call !== 'POST /auth/login' && !routes.test(call))).toEqual([]);
  });

  it('that is typed runs nothing, and is kept where it is refused', async ({ open, service }) => {
    const places = await makeWorld(service);
    const tab = await open();
    await tab.field('Password').fill(HOSTILE);
    await tab.field('Email').fill('a@example.com');
    await tab.button('Sign in').click();
    await tab.page.getByRole('alert').waitFor();
    await tab.signIn(await service.user('admin'));
    for (const [query, opening] of [
      [places.Groups, 'Track groups'],
      [places['Group, timeline'], 'Erase'],
      [places['Group, items'], undefined],
      [places.Webhooks, 'Add an endpoint'],
      [places['Webhook endpoint'], 'Edit'],
      [places['API keys'], 'Create a key'],
    ] as const) {
      await tab.go(query ?? '');
      await tab.settled();
      if (opening !== undefined) await tab.button(opening).click();
      const fields = tab.page.locator('textarea:visible, input:visible:is([type=text], [type=search], :not([type]))');
      expect(await fields.count()).toBeGreaterThan(0);
      for (const field of await fields.all()) {
        await field.fill(HOSTILE.slice(0, 60));
        await field.press('Enter');
        await expectNoElements(tab);
        const kept = await field.inputValue({ timeout: 1_000 }).catch(() => undefined);
        // The service has accepted the form, and it is closed.
        if (kept === undefined) break;
        expect(kept).toContain('onerror');
      }
    }
  });
});
