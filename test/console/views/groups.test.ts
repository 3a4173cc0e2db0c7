import { describe, expect, onTestFinished } from 'vitest';
import { it } from '../browser/it.ts';
import type { Service } from '../browser/service.ts';
import type { Tab } from '../browser/tab.ts';
import { newId, scored } from '../groups.ts';

/** Tracks a new group with a status. @returns its id. */
async function tracked(service: Service, status: string): Promise<string> {
  const id = newId();
  await service.setGroup(id, scored(status));
  await service.track(id);
  return id;
}

/** Groups in the order of their rows. Groups of other tests stand between them. */
async function inOrder(tab: Tab, ...ids: readonly string[]): Promise<readonly string[]> {
  const texts = await tab.page.getByRole('row').allInnerTexts();
  const placeOf = (id: string) => texts.findIndex((text) => text.includes(id));
  return ids.toSorted((one, other) => placeOf(one) - placeOf(other));
}

describe('the list of groups', () => {
  it('shows a group that AnyCheck completes, untouched', async ({ open, service }) => {
    const id = await tracked(service, 'IN_PROGRESS');
    const tab = await open({ as: 'viewer' });
    await tab.shows(tab.row(id), /active.*IN_PROGRESS/);
    await service.publish(id, scored('COMPLETED'));
    await service.version(id, 2);
    await tab.shows(tab.row(id), /settled.*COMPLETED/);
    expect(new Set(tab.calls())).toEqual(new Set(['POST /auth/login', 'GET /whoami', 'GET /groups']));
  });

  it('is filtered by phase and status, which are in the address, and back and forward restore them', async ({
    open,
    service,
  }) => {
    const [active, failed, settled] = [
      await tracked(service, 'IN_PROGRESS'),
      await tracked(service, 'FAILED'),
      await tracked(service, 'COMPLETED'),
    ];
    const shown = async () => {
      const found: string[] = [];
      for (const id of [active, failed, settled]) if ((await tab.row(id).count()) > 0) found.push(id);
      return found;
    };
    const tab = await open({ as: 'viewer' });
    await tab.field('Phase').selectOption('settled');
    await expect.poll(shown).toEqual([failed, settled]);
    await tab.field('Overall status').selectOption('FAILED');
    await expect.poll(shown).toEqual([failed]);
    expect(tab.params()).toEqual({ view: 'groups', phase: 'settled', status: 'FAILED' });

    await tab.page.goBack();
    await expect.poll(shown).toEqual([failed, settled]);
    expect(await tab.field('Overall status').inputValue()).toBe('');
    await tab.page.goForward();
    await expect.poll(shown).toEqual([failed]);
    expect(await tab.field('Overall status').inputValue()).toBe('FAILED');

    await tab.page.reload();
    await expect.poll(shown).toEqual([failed]);
    await tab.field('Phase').selectOption('active');
    await tab.button('Clear the filters').click();
    await expect.poll(shown).toEqual([active, failed, settled]);
  });

  it('names the groups whose refreshes fail, since when, and why', async ({ open, service }) => {
    const [failing, fine] = [await tracked(service, 'IN_PROGRESS'), await tracked(service, 'IN_PROGRESS')];
    await service.fail(failing);
    const tab = await open({ as: 'operator' });
    await tab.field('Refreshes').selectOption('failing');
    await tab.shows(tab.row(failing), 'MALFORMED');
    await tab.shows(tab.row(failing), 'since');
    expect(await tab.row(fine).count()).toBe(0);
    expect(tab.params()).toEqual({ view: 'groups', failing: 'true' });
  });

  it('finds a group by its pasted id, and keeps a text that is none', async ({ open, service }) => {
    const id = await tracked(service, 'COMPLETED');
    const tab = await open({ as: 'viewer' });
    const field = tab.field('Find by result_id');
    await field.fill('not an id');
    await field.press('Enter');
    await tab.text('This is no result_id.').waitFor();
    expect(await field.inputValue()).toBe('not an id');
    await field.fill(`  ${id.toUpperCase()} `);
    await tab.button('Open').click();
    await tab.heading(`Group ${id}`).waitFor();
    expect(tab.params()).toEqual({ view: 'group', id });
    await tab.page.goBack();
    await tab.heading('Groups').waitFor();
  });

  it('offers to track a group that is found, but not tracked', async ({ open, service }) => {
    const id = newId();
    await service.setGroup(id, scored('COMPLETED'));
    const tab = await open({ as: 'operator', query: `?view=group&id=${id}` });
    await tab.button('Track it').click();
    await tab.text('First seen').waitFor();
    await service.version(id, 1);
  });

  it('keeps its rows where they are while the pointer is on them', async ({ open, service }) => {
    const [first, second] = [await tracked(service, 'IN_PROGRESS'), await tracked(service, 'IN_PROGRESS')];
    const tab = await open({ as: 'viewer', query: '?view=groups&phase=active', withClock: true });
    await tab.row(second).hover();
    const before = await tab.row(second).boundingBox();
    await service.publish(first, scored('IN_PROGRESS', '2.50'));
    await service.version(first, 2);
    await tab.later();
    const latest = tab.button('Show the latest order');
    await latest.waitFor();
    expect(await inOrder(tab, first, second)).toEqual([second, first]);
    expect(await tab.row(second).boundingBox()).toEqual(before);
    await latest.press('Enter');
    await expect.poll(() => inOrder(tab, first, second)).toEqual([first, second]);
  });

  it('shows the latest order when the pointer leaves it', async ({ open, service }) => {
    const [first, second] = [await tracked(service, 'IN_PROGRESS'), await tracked(service, 'IN_PROGRESS')];
    const tab = await open({ as: 'viewer', query: '?view=groups&phase=active', withClock: true });
    await tab.row(second).hover();
    await service.publish(first, scored('IN_PROGRESS', '2.50'));
    await service.version(first, 2);
    await tab.later();
    await tab.button('Show the latest order').waitFor();
    await tab.heading('Groups').hover();
    await tab.button('Show the latest order').waitFor({ state: 'detached' });
    await expect.poll(() => inOrder(tab, first, second)).toEqual([first, second]);
  });

  it('refreshes the selected groups', async ({ open, service }) => {
    const ids = [await tracked(service, 'IN_PROGRESS'), await tracked(service, 'IN_PROGRESS')];
    const tab = await open({ as: 'operator' });
    expect(await tab.button('Refresh 0 selected').isDisabled()).toBe(true);
    for (const id of ids) {
      await service.setGroup(id, scored('COMPLETED'));
      await tab.field(`Select ${id}`).check();
    }
    await tab.button('Refresh 2 selected').click();
    await tab.text('Requested: 2 refreshes. Failed: 0.').waitFor();
    for (const id of ids) await service.version(id, 2);
  });
});

describe('a list of groups to track', () => {
  it('is pasted: bad lines are listed with their numbers, and the others are tracked', async ({ open, service }) => {
    const [one, other] = [newId(), newId()];
    for (const id of [one, other]) await service.setGroup(id, scored('COMPLETED'));
    const tab = await open({ as: 'operator' });
    await tab.button('Track groups').click();
    await tab.field('result_ids').fill(['# applicants', one, 'nonsense', '', other.toUpperCase(), one].join('\n'));
    await tab.text('Lines that repeat an id: 1.').waitFor();
    await tab.text('Lines that are no result_id: 1.').waitFor();
    await tab.text('Show these lines').click();
    await tab.text('Line 3: nonsense').waitFor();
    await tab.button('Track 2 groups').click();
    await tab.text('2 groups tracked from now on, 0 before.').waitFor();
    await tab.button('Track 2 groups').click();
    await tab.text('0 groups tracked from now on, 2 before.').waitFor();
    for (const id of [one, other]) await service.version(id, 1);
  });

  it('is read from a file, shows its progress, and goes on where the service stopped it', async ({ open, service }) => {
    const ids = Array.from({ length: 105 }, newId);
    await Promise.all(ids.map((id) => service.setGroup(id, scored('COMPLETED'))));
    // Their refreshes would hold up those of other tests.
    onTestFinished(async () => {
      await Promise.all(ids.map((id) => service.call('DELETE', `/groups/${id}`)));
    });
    const tab = await open({ as: 'operator' });
    let batches = 0;
    await tab.page.route('**/groups', async (route) => {
      if (route.request().method() === 'POST' && ++batches === 2) await route.abort();
      else await route.continue();
    });
    await tab.button('Track groups').click();
    const file = { name: 'ids.txt', mimeType: 'text/plain', buffer: Buffer.from(ids.join('\r\n')) };
    await tab.field('Or a file with result_ids').setInputFiles(file);
    await tab.button('Track 105 groups').click();
    await tab.text('The service cannot be reached.').waitFor();
    await tab.text('Groups: 100 of 105').waitFor();
    await tab.button('Go on').click();
    await tab.text('105 groups tracked from now on, 0 before.').waitFor();
    await tab.text('Groups: 105 of 105').waitFor();
    await tab.button('Show more').click();
    await expect.poll(() => tab.page.getByRole('row').count()).toBeGreaterThan(51);
  });
});
