import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { it } from './browser/it.ts';
import { newId, scored } from './groups.ts';

const THROTTLED = { status: 429, headers: { 'retry-after': '5' }, json: { message: 'Too Many Requests' } };
const UNAVAILABLE = { status: 503, json: { message: 'Service Unavailable' } };

describe('an answer', () => {
  it('429 to a list is repeated after as long as the service demands, and no error is shown', async ({
    open,
    service,
  }) => {
    const tab = await open();
    const times: number[] = [];
    await tab.page.route('**/groups?*', async (route) => {
      times.push(Date.now());
      if (times.length === 1) await route.fulfill(THROTTLED);
      else await route.continue();
    });
    await tab.signIn(await service.user('viewer'));
    await tab.page.getByRole('table', { name: 'Tracked groups' }).or(tab.text('No group is tracked yet.')).waitFor();
    expect(times).toHaveLength(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(4_900);
    expect(await tab.page.getByRole('alert').count()).toBe(0);
  });

  it('429 to a step says when it is possible again, and then it is', async ({ open, service }) => {
    const id = newId();
    await service.setGroup(id, scored('COMPLETED'));
    await service.track(id);
    const tab = await open({ as: 'operator', query: `?view=group&id=${id}` });
    await tab.page.route('**/refresh', (route) => route.fulfill(THROTTLED), { times: 1 });
    await tab.button('Refresh').click();
    await tab.text(/Possible again in [1-5] s\./).waitFor();
    expect(await tab.button('Try again').isDisabled()).toBe(true);
    await tab.button('Try again').click();
    await tab.text('A refresh is requested.').waitFor();
    expect(await tab.page.getByRole('alert').count()).toBe(0);
  });

  it('503 keeps what was on the screen, and says what to do', async ({ open, service }) => {
    const id = newId();
    await service.setGroup(id, scored('COMPLETED'));
    await service.track(id);
    const tab = await open({ as: 'viewer', withClock: true });
    await tab.row(id).waitFor();
    await tab.page.route('**/groups?*', (route) => route.fulfill(UNAVAILABLE));
    for (let attempt = 1; attempt <= 5; attempt++) {
      await tab.later();
      await tab.page.waitForTimeout(100);
    }
    const problem = tab.page.getByRole('alert');
    await tab.shows(problem, 'Service Unavailable.');
    await tab.shows(problem, '503');
    expect(await tab.row(id).count()).toBe(1);
    await tab.page.unrouteAll();
    await tab.button('Try again').click();
    await problem.waitFor({ state: 'detached' });
  });

  it('that comes late is waited for with its progress, and at most 5 calls run at once', async ({ open, service }) => {
    const ids = Array.from({ length: 8 }, newId);
    await Promise.all(ids.map((id) => service.setGroup(id, scored('COMPLETED'))));
    await service.call('POST', '/groups', { result_ids: ids });
    const tab = await open({ as: 'operator' });
    let running = 0;
    let maxRunning = 0;
    await tab.page.route('**/refresh', async (route) => {
      maxRunning = Math.max(maxRunning, ++running);
      await sleep(500);
      running--;
      await route.continue();
    });
    for (const id of ids) await tab.field(`Select ${id}`).check();
    await tab.button('Refresh 8 selected').click();
    await tab.text(/^Refreshes: \d of 8$/).waitFor();
    await tab.text('Requested: 8 refreshes. Failed: 0.').waitFor();
    expect(maxRunning).toBe(5);
  });

  it('that never comes ends with a sentence', async ({ open, service }) => {
    const tab = await open({ withClock: true });
    await tab.page.route('**/groups?*', () => {});
    await tab.signIn(await service.user('viewer'));
    await tab.text('Loading').waitFor();
    // Who the user is must be answered: only the list never comes.
    await tab.text('viewer').waitFor();
    await tab.page.clock.fastForward(36_000);
    await tab.shows(tab.page.getByRole('alert'), 'The service cannot be reached.');
  });
});

describe('a browser that goes offline', () => {
  it('keeps what was shown and typed, and goes on when it is back', async ({ open, service }) => {
    const id = newId();
    await service.setGroup(id, scored('COMPLETED'));
    await service.track(id);
    const tab = await open({ as: 'operator', withClock: true });
    await tab.row(id).waitFor();
    await tab.field('Find by result_id').fill('typed');
    await tab.page.context().setOffline(true);
    await tab.later();
    await tab.shows(tab.page.getByRole('alert'), 'The service cannot be reached. Check the network, then try again.');
    expect(await tab.row(id).count()).toBe(1);
    await tab.page.context().setOffline(false);
    await tab.later();
    await tab.page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await tab.field('Find by result_id').inputValue()).toBe('typed');
  });
});
