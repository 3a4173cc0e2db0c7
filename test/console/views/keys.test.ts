import { describe, expect } from 'vitest';
import { it } from '../browser/it.ts';
import { newId } from '../groups.ts';

const KEY = /^\S{30,}$/;

describe('API keys', () => {
  it('are created, shown once, rotated and revoked, and work meanwhile', async ({ open, service }) => {
    const name = `scoring ${newId()}`;
    const tab = await open({ as: 'admin', query: '?view=keys' });
    await tab.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.button('Create a key').click();
    await tab.field('Name').fill(name);
    await tab.field('Role').selectOption('operator');
    await tab.field('Days until it ends').fill('400');
    await tab.button('Create').click();
    await tab.page.getByRole('alert').waitFor();
    expect(await tab.field('Name').inputValue()).toBe(name);
    await tab.field('Days until it ends').fill('30');
    await tab.button('Create').click();

    const secret = tab.text(/^acsnap_/);
    const first = await secret.innerText();
    expect(first).toMatch(KEY);
    await tab.button('Copy').click();
    await tab.text('Copied.').waitFor();
    const status = (key: string) =>
      fetch(`${service.url}/key/groups?limit=1`, { headers: { 'x-api-key': key } }).then((answer) => answer.status);
    expect(await status(first)).toBe(200);
    await tab.button('I have stored it').click();
    await tab.shows(tab.row(name), /operator.*in 29 days/s);
    expect(await tab.page.locator('body').innerText()).not.toContain(first);
    await tab.page.reload();
    await tab.row(name).waitFor();
    expect(await tab.page.locator('body').innerText()).not.toContain(first);

    await tab.button(`Rotate ${name}`).click();
    await tab.field('Hours for which the secret before stays valid').fill('0');
    await tab.dialog().getByRole('button', { name: 'Rotate' }).click();
    await expect.poll(() => secret.innerText()).toMatch(KEY);
    const second = await secret.innerText();
    expect(second).not.toBe(first);
    await expect.poll(() => status(first)).toBe(401);
    expect(await status(second)).toBe(200);
    await tab.button('I have stored it').click();

    await tab.button(`Revoke ${name}`).click();
    const revoke = tab.dialog().getByRole('button', { name: 'Revoke for ever' });
    expect(await revoke.isDisabled()).toBe(true);
    const id = await tab.dialog().locator('code').innerText();
    await tab.field('Confirmation').fill(id);
    await revoke.click();
    await tab.text('The key is revoked.').waitFor();
    await tab.row(name).waitFor({ state: 'detached' });
    await expect.poll(() => status(second)).toBe(401);
  });
});
