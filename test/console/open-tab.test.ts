import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { LINES, lambda, logged } from '../bench/cost/bill.ts';
import { VIRGINIA } from '../bench/cost/prices.ts';
import { it } from './browser/it.ts';
import type { Tab } from './browser/tab.ts';
import { newId, scored } from './groups.ts';

const POLL_MS = 10_000;
const POLLS = 60;

/** Lets ten minutes of the page's clock pass. The page waits for the next poll once the one before has its answer. */
async function tenMinutes({ page, watched: { requests, pending } }: Tab): Promise<void> {
  for (let poll = 1; poll <= POLLS; poll++) {
    const before = requests.length;
    await page.clock.fastForward(POLL_MS);
    await expect.poll(() => requests.length).toBeGreaterThan(before);
    await expect.poll(() => pending.size).toBe(0);
  }
}

/** Dollars of a poll: one request of the gateway, the function and the table, and the lines that they log. */
const pollDollars = () =>
  VIRGINIA('gateway') + VIRGINIA('readUnit') + lambda(10) + logged(LINES.invocation + LINES.access + 2 * LINES.audit);

it('a tab that is open for ten minutes calls AnyCheck no more than no tab, and says what it costs', async ({
  open,
  service,
}) => {
  const [shown, other] = [newId(), newId()];
  for (const id of [shown, other]) {
    await service.setGroup(id, scored('COMPLETED'));
    await service.track(id);
  }
  const auditLines = () =>
    readFileSync(join(service.dataDir, 'logs', 'Audit-Lines.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(shown)).length;
  const before = { anycheck: await service.callsAbout(shown, other), audit: auditLines() };
  for (const query of ['?view=groups', `?view=group&id=${shown}`]) {
    const tab = await open({ as: 'operator', query, withClock: true });
    await tab.settled();
    const loaded = tab.watched.requests.length;
    await tenMinutes(tab);
    const polls = tab.watched.requests.slice(loaded);
    const statuses = await Promise.all(polls.map(async (one) => (await one.response())?.status()));
    const calls = [...new Set(tab.calls().slice(-polls.length))];
    console.log(
      `Ten minutes of ${query}: ${polls.length} × ${calls.join(', ')}, ${statuses.filter((one) => one === 304).length} of them ` +
        `304 without a body; ${(polls.length * pollDollars()).toFixed(6)} dollars`,
    );
    expect(calls).toHaveLength(1);
    expect(polls).toHaveLength(POLLS);
  }
  console.log(
    `Audit lines of the shown group: ${auditLines() - before.audit}; calls of AnyCheck about it: ${await service.callsAbout(shown)}`,
  );
  expect(await service.callsAbout(shown, other)).toBe(before.anycheck);
});

it('a hidden tab calls nothing, and loads once when it is shown again', async ({ open }) => {
  const tab = await open({ as: 'viewer', withClock: true });
  await tab.settled();
  const setHidden = (isHidden: boolean) =>
    tab.page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  await setHidden(true);
  const calls = tab.calls().length;
  for (let poll = 1; poll <= 6; poll++) await tab.page.clock.runFor(POLL_MS);
  expect(tab.calls()).toHaveLength(calls);
  await setHidden(false);
  await expect.poll(() => tab.calls().slice(calls)).toEqual(['GET /groups']);
});
