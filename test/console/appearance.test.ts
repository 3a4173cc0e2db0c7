import axe from 'axe-core';
import { describe, expect } from 'vitest';
import * as z from 'zod';
import { it } from './browser/it.ts';
import type { Tab } from './browser/tab.ts';
import { makeWorld } from './world.ts';

const Results = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
    }),
  ),
});
const GRAVE = ['serious', 'critical'];

/** @returns what axe finds on the screen. */
async function findings(tab: Tab): Promise<z.infer<typeof Results>['violations']> {
  await tab.page.evaluate(axe.source);
  return Results.parse(await tab.page.evaluate('axe.run()')).violations;
}

describe.each(['light', 'dark'] as const)('the %s scheme', (colorScheme) => {
  it('has no serious or critical finding of axe in any view', async ({ open, service }) => {
    const places = await makeWorld(service);
    const tab = await open({ context: { colorScheme } });
    const grave: object[] = [];
    const counts: Record<string, string> = {};
    const check = async (name: string) => {
      const all = await findings(tab);
      const gravest = all.filter(({ impact }) => GRAVE.includes(impact ?? ''));
      counts[name] = `${gravest.length} serious or critical, ${all.length - gravest.length} others`;
      grave.push(...gravest.map((one) => ({ view: name, ...one })));
    };
    await check('Sign in');
    await tab.signIn(await service.user('admin'));
    for (const [name, query] of Object.entries(places)) {
      await tab.go(query);
      await tab.settled();
      await check(name);
    }
    await tab.go(places['Group, timeline'] ?? '');
    await tab.button('Erase').click();
    await check('Confirmation');
    console.log(`axe, ${colorScheme}: ${JSON.stringify(counts, null, 2)}`);
    expect(grave).toEqual([]);
  });
});

it('the background is that of the system’s scheme', async ({ open }) => {
  const brightness = async (colorScheme: 'light' | 'dark') => {
    const tab = await open({ context: { colorScheme } });
    const colour = await tab.page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor);
    return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).reduce((sum, one) => sum + Number(one), 0);
  };
  expect(await brightness('light')).toBeGreaterThan(await brightness('dark'));
});

it('a screen of 360 pixels shows each view without scrolling sideways', async ({ open, service }) => {
  const places = await makeWorld(service);
  const tab = await open({ as: 'admin', context: { viewport: { width: 360, height: 740 } } });
  const widths: Record<string, number> = {};
  for (const [name, query] of Object.entries(places)) {
    await tab.go(query);
    await tab.settled();
    widths[name] = await tab.page.locator('html').evaluate((html) => html.scrollWidth);
  }
  expect(widths).toEqual(Object.fromEntries(Object.keys(places).map((name) => [name, 360])));
});

it('a keyboard alone signs in, goes to a view, and finds the focus at its heading', async ({ open, service }) => {
  const { email, password } = await service.user('operator');
  const tab = await open();
  const { keyboard } = tab.page;
  const focused = tab.page.locator(':focus');
  await tab.shows(focused, 'Sign in');
  for (const text of [email, password]) {
    await keyboard.press('Tab');
    await keyboard.type(text);
  }
  await keyboard.press('Enter');
  await tab.button('Sign out').waitFor();
  await tab.link('Health').focus();
  await keyboard.press('Enter');
  await tab.shows(focused, 'Health');
  expect(await focused.evaluate((node) => node.tagName)).toBe('H1');
});
