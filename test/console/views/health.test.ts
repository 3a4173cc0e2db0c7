import { describe, expect } from 'vitest';
import { it } from '../browser/it.ts';

const TILES = ['AnyCheck', 'Refreshes', 'Last sweep', 'Dead letters', 'Events', 'Webhooks', 'Table'];

/** A report of a service with much trouble, as the route describes it. */
const TROUBLE = {
  status: 'failing',
  table: { status: 'ok' },
  anycheck: {
    status: 'failing',
    circuit: 'open',
    failures: 7,
    reason: 'SERVER_ERROR',
    failing_since: '2026-01-01T00:00:00.000Z',
    credentials_refused: true,
    paused_until: '2126-01-01T00:00:00.000Z',
  },
  oldest_due: { status: 'degraded', seconds_late: 4_000 },
  announcements: { status: 'unknown', seconds_late: null, bus_failed_at: null },
  dead_letters: { status: 'failing', messages: 3 },
  webhooks: { status: 'ok', seconds_late: 0, dead_letters: 0 },
  last_sweep: { status: 'ok', ended_at: '2026-01-01T00:00:00.000Z' },
};

describe('health', () => {
  it('has a tile for each part of the report, and refreshes itself', async ({ open }) => {
    const tab = await open({ as: 'operator', query: '?view=health', withClock: true });
    await expect.poll(() => tab.page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(TILES);
    const reads = () => tab.calls().filter((call) => call === 'GET /health/deep').length;
    expect(reads()).toBe(1);
    await tab.page.clock.fastForward(31_000);
    await expect.poll(reads).toBe(2);
    await tab.button('Refresh').click();
    await expect.poll(reads).toBe(3);
  });

  it('says what is wrong with a part, and what to do', async ({ open, service }) => {
    const tab = await open();
    await tab.page.route('**/health/deep', async (route) => {
      const report = await (await route.fetch()).json();
      await route.fulfill({ json: { ...report, ...TROUBLE } });
    });
    await tab.go('?view=health');
    await tab.signIn(await service.user('operator'));
    await tab.text('The service needs an operator.').waitFor();
    const tile = (title: string) =>
      tab.page.getByRole('listitem').filter({ has: tab.page.getByRole('heading', { name: title, exact: true }) });
    await tab.shows(tile('AnyCheck'), /open.*all calls are paused.*refused.*7.*SERVER_ERROR.*Runbook/s);
    await tab.shows(tile('Dead letters'), /failing.*3.*Runbook/s);
    await tab.shows(tile('Refreshes'), /4000 s late.*Runbook/s);
    await tab.shows(tile('Events'), /unknown/);
  });
});
