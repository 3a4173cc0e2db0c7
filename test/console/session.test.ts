import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import * as z from 'zod';
import { it } from './browser/it.ts';
import type { Tab } from './browser/tab.ts';
import { newId, scored } from './groups.ts';

/** What the tab's session storage has. */
const stored = (tab: Tab): Promise<Record<string, string>> => tab.page.evaluate(() => ({ ...sessionStorage }));
/** The tokens of the calls so far, each once. */
const sentTokens = ({ watched }: Tab) =>
  new Set(watched.requests.flatMap((request) => request.headers().authorization ?? []));

describe('a session', () => {
  it('begins with a password, and keeps the email where the password is wrong', async ({ open, service }) => {
    const user = await service.user('viewer');
    const tab = await open();
    await tab.field('Email').fill(user.email);
    await tab.field('Password').fill('wrong');
    await tab.field('Password').press('Enter');
    await tab.page.getByRole('alert').waitFor();
    expect(await tab.field('Email').inputValue()).toBe(user.email);
    expect(await stored(tab)).toEqual({});
    await tab.signIn(user);
    await tab.text('viewer').waitFor();
  });

  it('survives a reload in its tab, and leaves nothing behind when the user signs out', async ({ open }) => {
    const tab = await open({ as: 'viewer', query: '?view=groups&phase=active' });
    const texts = JSON.stringify(await stored(tab));
    expect(texts).toContain('accessToken');
    expect(texts).not.toContain('refreshToken');
    await tab.page.reload();
    await tab.heading('Groups').waitFor();
    expect(await tab.field('Phase').inputValue()).toBe('active');
    await tab.button('Sign out').click();
    await tab.heading('Sign in').waitFor();
    expect(await stored(tab)).toEqual({});
    await tab.page.reload();
    await tab.heading('Sign in').waitFor();
  });

  it('leaves no token in a log of the service', async ({ open, service }) => {
    const tab = await open();
    const [answer] = await Promise.all([
      tab.page.waitForResponse('**/auth/login'),
      tab.signIn(await service.user('admin')),
    ]);
    await tab.settled();
    for (const view of ['Health', 'Webhooks', 'API keys', 'Groups']) {
      await tab.link(view).click();
      await tab.settled();
    }
    const tokens = Object.values(z.record(z.string(), z.string()).parse(await answer.json()));
    expect(tokens).toHaveLength(2);
    const directory = join(service.dataDir, 'logs');
    const files = readdirSync(directory);
    expect(files.length).toBeGreaterThan(5);
    const text = files.map((file) => readFileSync(join(directory, file), 'utf8')).join('');
    for (const token of tokens) expect(text.includes(token)).toBe(false);
  });

  it('gets a new token before the first one ends', async ({ open }) => {
    const tab = await open({ as: 'viewer', withClock: true });
    await tab.settled();
    expect(sentTokens(tab).size).toBe(1);
    await tab.page.clock.fastForward('59:30');
    await expect.poll(() => tab.calls()).toContain('POST /auth/refresh');
    await expect.poll(() => sentTokens(tab).size).toBe(2);
    await tab.heading('Groups').waitFor();
  });

  it('that ends in mid-work keeps what the user typed, for the same user', async ({ open, service }) => {
    const [user, other] = [await service.user('operator'), await service.addUser('operator')];
    const id = newId();
    await service.setGroup(id, scored('COMPLETED'));
    const tab = await open({ query: '?view=groups&phase=active' });
    await tab.signIn(user);
    await tab.button('Track groups').click();
    await tab.field('result_ids').fill(id);
    const refuse = () =>
      tab.page.route('**/groups*', (route) => route.fulfill({ status: 401, json: { message: 'Unauthorized' } }));
    await refuse();
    await tab.button('Track 1 group').click();
    await tab.text('Sign in to go on.').waitFor();
    expect(await stored(tab)).toEqual({});
    expect(tab.params()).toEqual({ view: 'groups', phase: 'active' });
    await tab.page.unrouteAll();
    await tab.signIn(user);
    expect(await tab.field('result_ids').inputValue()).toBe(id);
    await tab.button('Track 1 group').click();
    await tab.text('1 group tracked from now on').waitFor();

    await refuse();
    await tab.button('Track 1 group').click();
    await tab.text('Sign in to go on.').waitFor();
    await tab.page.unrouteAll();
    await tab.signIn(other);
    await tab.field('result_ids').waitFor({ state: 'detached' });
  });

  it('with a token that the gateway refuses ends, and the token is forgotten', async ({ open }) => {
    const tab = await open({ as: 'viewer' });
    await tab.page.evaluate(() => {
      for (const [key, text] of Object.entries(sessionStorage)) {
        sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(text), accessToken: 'forged' }));
      }
    });
    await tab.page.reload();
    await tab.text('Sign in to go on.').waitFor();
    expect(await stored(tab)).toEqual({});
  });
});

describe('two tabs', () => {
  it('have a session each, and see what the other one does', async ({ open, service }) => {
    const id = newId();
    await service.setGroup(id, scored('IN_PROGRESS'));
    await service.track(id);
    const query = `?view=group&id=${id}`;
    const one = await open({ as: 'admin', query, withClock: true });
    const other = await one.another(query);
    await other.heading('Sign in').waitFor();
    await other.signIn(await service.user('admin'));
    await other.text('First seen').waitFor();
    await one.button('Erase').click();
    await one.field('Confirmation').fill(id);
    await one.field('Confirmation').press('Enter');
    await one.text('The group is erased.').waitFor();
    await other.later();
    await other.text('This group is not tracked, or it is erased.').waitFor();
    await one.button('Sign out').click();
    await other.later();
    await other.button('Track it').click();
    await other.text('First seen').waitFor();
  });
});
