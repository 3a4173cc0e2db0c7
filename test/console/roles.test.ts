import { expect } from 'vitest';
import { it } from './browser/it.ts';
import { NO_VIEW, type Tab } from './browser/tab.ts';
import { makeWorld } from './world.ts';

const ROLES = ['viewer', 'operator', 'admin'] as const;
const NONE = 'not in this role';

/** What a person can press in each view beside links, by role. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  Views: ['Groups', 'Groups, Health, Webhooks', 'Groups, Health, Webhooks, API keys'],
  Groups: ['Open', 'Track groups, Open, Refresh 0 selected', 'Track groups, Open, Refresh 0 selected'],
  'Group, timeline': ofGroup(),
  'Group, items': ofGroup('Show, Current version, JSON, Previous page, Next page, Next, Previous, Copy JSON'),
  'Group, history': ofGroup(),
  'Group, comparison': ofGroup('Swap'),
  Health: [NONE, 'Refresh', 'Refresh'],
  Webhooks: [NONE, 'Refresh', 'Refresh, Add an endpoint'],
  'Webhook endpoint': [
    NONE,
    'Refresh, Send a test, Refresh the list, Filter, Send all failed again, Resend',
    'Refresh, Send a test, Edit, Rotate the secret, Disable, Delete, Refresh the list, Filter, Send all failed again, Resend',
  ],
  'API keys': [NONE, NONE, 'Refresh, Create a key, Rotate, Revoke'],
};

/** @param more what every role can press there. */
function ofGroup(...more: string[]): string[] {
  const steps = ['Copy as curl', 'Refresh, Copy as curl', 'Refresh, Copy as curl, Redact, Erase'];
  return steps.map((one) => ['Copy', one, ...more].join(', '));
}

/** What can be pressed in the view, each text once. */
async function steps(tab: Tab): Promise<string> {
  await tab.settled();
  if ((await tab.text(NO_VIEW).count()) > 0) return NONE;
  const names = await tab.page.getByRole('main').getByRole('button').allInnerTexts();
  return [...new Set(names)].join(', ');
}

it('each role sees the views and the steps that it may take, and no others', async ({ open, service }) => {
  const places = await makeWorld(service);
  const table: Record<string, string[]> = { Views: [] };
  for (const role of ROLES) {
    const tab = await open({ as: role });
    await tab.settled();
    const views = await tab.page.getByRole('navigation', { name: 'Views' }).getByRole('link').allInnerTexts();
    table.Views?.push(views.join(', '));
    for (const [name, query] of Object.entries(places)) {
      await tab.go(query);
      table[name] = [...(table[name] ?? []), await steps(tab)];
    }
  }
  const rows = Object.entries(table).map(([name, cells]) => `| ${[name, ...cells].join(' | ')} |`);
  console.log(['| view | viewer | operator | admin |', '|---|---|---|---|', ...rows].join('\n'));
  expect(table).toEqual(EXPECTED);
});
