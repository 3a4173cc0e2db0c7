import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { it } from '../browser/it.ts';
import type { Service } from '../browser/service.ts';
import { groupSource, LONG_DECIMAL, LONG_INTEGER, newId, scored } from '../groups.ts';

/** Tracks a group with three versions. @returns its id, and a time at which the first version was current. */
async function versioned(service: Service): Promise<{ id: string; whenFirst: Date }> {
  const id = newId();
  await service.setGroup(id, scored('IN_PROGRESS', '1.50'));
  await service.track(id);
  await sleep(1_000);
  const whenFirst = new Date();
  await service.publish(id, scored('IN_PROGRESS', LONG_DECIMAL));
  await service.version(id, 2);
  await service.publish(id, scored('COMPLETED', LONG_DECIMAL));
  await service.version(id, 3);
  return { id, whenFirst };
}

describe('a group', () => {
  it('has a timeline with a row for each verification, and its versions are reached with the keyboard', async ({
    open,
    service,
  }) => {
    const { id } = await versioned(service);
    const tab = await open({ as: 'viewer', query: `?view=group&id=${id}` });
    const chart = tab.page.getByRole('img', { name: '2 verifications over 3 versions.' });
    await chart.waitFor();
    for (const row of ['identity', 'employment']) await chart.getByText(row, { exact: true }).waitFor();
    expect(await chart.locator('title').allTextContents()).toEqual([
      expect.stringMatching(/^IN_PROGRESS: /),
      expect.stringMatching(/^COMPLETED: /),
      expect.stringMatching(/^COMPLETED: /),
    ]);
    expect(await tab.page.getByRole('list', { name: 'Colours' }).innerText()).toMatch(/IN_PROGRESS\s+COMPLETED/);
    await tab.text('1 changed status, 0 added, 0 removed').waitFor();
    await tab.field('Version 3 of 3').press('ArrowLeft');
    await tab.text('0 changed status, 0 added, 0 removed').waitFor();
    await tab.link('Items of version 2').click();
    await tab.text('Version 2 of 3').waitFor();
    expect(tab.params()).toEqual({ view: 'group', id, tab: 'items', version: '2' });
  });

  it('shows its items at a version and at a moment', async ({ open, service }) => {
    const { id, whenFirst } = await versioned(service);
    const tab = await open({ as: 'viewer', query: `?view=group&id=${id}` });
    await tab.link('Items').click();
    await tab.text('Version 3 of 3').waitFor();
    await tab.shows(tab.row('identity'), 'COMPLETED');
    await tab.field('Version, 1 to 3').fill('2');
    await tab.button('Show').first().click();
    await tab.text('Version 2 of 3').waitFor();
    await tab.shows(tab.row('identity'), 'IN_PROGRESS');
    const local = new Date(whenFirst.getTime() - whenFirst.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
    await tab.field('As of (your time zone)').fill(local);
    await tab.button('Show').last().click();
    await tab.text('Version 1 of 3').waitFor();
    expect(tab.params()).toMatchObject({ as_of: `${whenFirst.toISOString().slice(0, 19)}.000Z` });
    await tab.page.goBack();
    await tab.text('Version 2 of 3').waitFor();
    await tab.button('Current version').click();
    await tab.text('Version 3 of 3').waitFor();
  });

  it('shows the JSON of an item with all digits, and finds text in it', async ({ open, service }) => {
    const { id } = await versioned(service);
    const tab = await open({ as: 'viewer', query: `?view=group&id=${id}&tab=items` });
    await tab.button('JSON of identity').click();
    const json = tab.page.getByRole('region', { name: 'JSON of item 1' });
    await tab.shows(json, `"score": ${LONG_DECIMAL}`);
    await tab.shows(json, `"serial": ${LONG_INTEGER}`);
    await tab.field('Search in the JSON').fill('siti');
    await tab.text('Matching lines: 1').waitFor();
    expect(await json.locator('mark').allInnerTexts()).toEqual(['Siti']);
    await tab.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.button('Copy JSON').click();
    await tab.text('Copied.').waitFor();
    expect(await pasted(tab.page)).toContain(`"score":${LONG_DECIMAL},"serial":${LONG_INTEGER}`);
  });

  it('lists its versions with their transitions', async ({ open, service }) => {
    const { id } = await versioned(service);
    const tab = await open({ as: 'viewer', query: `?view=group&id=${id}` });
    await tab.link('History').click();
    const table = tab.page.getByRole('table', { name: 'Versions, newest first' });
    await expect
      .poll(async () => (await table.getByRole('row').allInnerTexts()).slice(1).map((row) => row[0]))
      .toEqual(['3', '2', '1']);
    await tab.text('1 changed status').click();
    await tab.shows(table, /identity\s+IN_PROGRESS\s+→\s+COMPLETED/);
    await tab.link('Compare version 2 with 3').click();
    await tab.text('1 difference. Items: 2 → 2.').waitFor();
    expect(tab.params()).toEqual({ view: 'group', id, tab: 'compare', from: '2', to: '3' });
  });

  it('compares two versions, each change as before and after, with all digits', async ({ open, service }) => {
    const { id } = await versioned(service);
    const tab = await open({ as: 'viewer', query: `?view=group&id=${id}&tab=compare` });
    await tab.field('From version').selectOption('1');
    await tab.field('To version').selectOption('2');
    await tab.text('1 difference.').waitFor();
    const change = tab.page.locator('summary', { hasText: 'identity' });
    await change.click();
    await tab.shows(tab.row('/output/score'), new RegExp(`1\\.50\\s+${LONG_DECIMAL.replace('.', '\\.')}`));
    await tab.button('Swap').click();
    await tab.page.locator('summary', { hasText: 'identity' }).click();
    await tab.shows(tab.row('/output/score'), new RegExp(`${LONG_DECIMAL.replace('.', '\\.')}\\s+1\\.50`));
    expect(tab.params()).toMatchObject({ from: '2', to: '1' });
  });

  it('is refreshed, and its new version appears', async ({ open, service }) => {
    const id = newId();
    await service.setGroup(id, scored('IN_PROGRESS'));
    await service.track(id);
    const tab = await open({ as: 'operator', query: `?view=group&id=${id}`, withClock: true });
    await service.setGroup(id, scored('COMPLETED'));
    await tab.button('Refresh').click();
    await tab.text('A refresh is requested.').waitFor();
    await service.version(id, 2);
    await tab.later();
    await tab.page.getByRole('img', { name: '2 verifications over 2 versions.' }).waitFor();
  });

  it('gives a curl command that reads it, without a token', async ({ open, service }) => {
    const { id } = await versioned(service);
    const tab = await open({ as: 'viewer', query: `?view=group&id=${id}` });
    await tab.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.button('Copy as curl').click();
    await tab.text('Copied.').waitFor();
    expect(await pasted(tab.page)).toBe(
      `curl -sS --compressed '${service.url}/verifications?result_id=${id}&snapshot_version=3' -H "Authorization: Bearer $TOKEN"`,
    );
  });

  it('is redacted for ever only after its id was typed', async ({ open, service }) => {
    const { id } = await versioned(service);
    const tab = await open({ as: 'admin', query: `?view=group&id=${id}&tab=items` });
    await tab.button('Redact').click();
    const confirm = tab.dialog().getByRole('button', { name: 'Redact for ever' });
    expect(await confirm.isDisabled()).toBe(true);
    await tab.field('Confirmation').fill(id.slice(1));
    expect(await confirm.isDisabled()).toBe(true);
    await tab.page.keyboard.press('Escape');
    await expect.poll(() => tab.dialog().count()).toBe(0);
    await tab.button('Redact').click();
    await tab.field('Confirmation').fill(id);
    await confirm.click();
    await tab.text('The group is redacted.').waitFor();
    await tab.button('Redact').waitFor({ state: 'detached' });
    await tab.button('JSON of identity').click();
    const json = tab.page.getByRole('region', { name: 'JSON of item 1' });
    await tab.shows(json, '"output": null');
    expect(await json.innerText()).not.toContain('Siti');
  });

  it('is erased for ever only after its id was typed', async ({ open, service }) => {
    const { id } = await versioned(service);
    const tab = await open({ as: 'admin', query: `?view=group&id=${id}` });
    await tab.button('Erase').click();
    await tab.dialog().getByRole('button', { name: 'Cancel' }).click();
    await tab.button('Erase').click();
    await tab.field('Confirmation').fill(id);
    await tab.field('Confirmation').press('Enter');
    await tab.text('The group is erased.').waitFor();
    await tab.heading('Groups').waitFor();
    expect((await service.call('GET', `/groups/${id}`)).status).toBe(404);
    await tab.page.goBack();
    await tab.text('This group is not tracked, or it is erased.').waitFor();
  });

  it('names the failure of its refreshes, and marks it in the timeline', async ({ open, service }) => {
    const id = newId();
    await service.setGroup(id, scored('IN_PROGRESS'));
    await service.track(id);
    // The second one is later than the looks at the page.
    await service.fail(id, 2);
    const tab = await open({ as: 'operator', query: `?view=group&id=${id}`, withClock: true });
    const legend = tab.page.getByText('refreshes fail', { exact: true });
    await legend.waitFor();
    await tab.page
      .getByRole('img')
      .locator('title', { hasText: 'Refreshes fail since' })
      .waitFor({ state: 'attached' });
    await tab.shows(tab.page.getByRole('region', { name: 'State' }), 'MALFORMED');
    await service.recover(id);
    await tab.later();
    await legend.waitFor({ state: 'detached' });
  });

  it('shows a group of 1,000 items by scrolling, with few of them rendered', async ({ open, service }) => {
    const id = newId();
    const items = Array.from({ length: 1_000 }, (_, i) => ({ id: `item-${i}`, status: 'COMPLETED' }));
    await service.setGroup(id, groupSource('COMPLETED', items));
    await service.track(id);
    const tab = await open({ as: 'viewer', query: `?view=group&id=${id}` });
    const chart = tab.page.getByRole('img', { name: '1000 verifications over 1 versions.' });
    await chart.getByText('item-0', { exact: true }).waitFor();
    expect(await chart.locator('text').count()).toBeLessThan(200);
    await tab.page.getByRole('region', { name: 'Timeline' }).press('End');
    await chart.getByText('item-999', { exact: true }).waitFor();
    await tab.link('Items').click();
    await tab.text('Items 1 to 25 of 1000.').waitFor();
    await tab.button('Next page').click();
    await tab.text('Items 26 to 50 of 1000.').waitFor();
    await tab.field('Items a page').selectOption('100');
    await tab.row('item-100').waitFor();
  });
});

/** What is in the clipboard. */
const pasted = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
