import { describe, expect, onTestFinished } from 'vitest';
import * as z from 'zod';
import { type Receiver, startReceiver } from '../../e2e/webhook-endpoints/receiver.ts';
import { it } from '../browser/it.ts';
import { newId, scored } from '../groups.ts';

const Created = z.object({ id: z.string() });

/** A receiver for the length of the test. */
async function received(): Promise<Receiver> {
  const receiver = await startReceiver(`/hook/${newId()}`);
  onTestFinished(() => receiver.close());
  return receiver;
}

describe('webhooks', () => {
  it('go to an endpoint that an admin adds, with a secret that is shown once, tests, rotates, disables and deletes', async ({
    open,
  }) => {
    const receiver = await received();
    // Groups of other tests change, too.
    receiver.concerns = ({ type }) => type === 'ping';
    const tab = await open({ as: 'admin', query: '?view=webhooks' });
    await tab.button('Add an endpoint').click();
    await tab.field('URL').fill('nonsense');
    await tab.field('Description').fill('of the tests');
    await tab.button('Add').click();
    await tab.page.getByRole('alert').waitFor();
    expect(await tab.field('Description').inputValue()).toBe('of the tests');
    await tab.field('URL').fill(receiver.url);
    await tab.button('Add').click();
    const secret = tab.text(/^whsec_/);
    await tab.shows(secret, /^whsec_/);
    const first = await secret.innerText();
    await tab.button('I have stored it').click();
    await tab.shows(tab.row(receiver.url), /of the tests.*active/s);
    expect(await tab.page.locator('body').innerText()).not.toContain(first);

    await tab.link(receiver.url).click();
    receiver.status = 500;
    await tab.button('Send a test').click();
    await tab.shows(tab.page.getByRole('status').filter({ hasText: 'The test failed' }), 'answered 500');
    expect(receiver.received.filter(({ event }) => event.type === 'ping')).toHaveLength(1);
    await tab.button('Send a test').click();
    await tab.text(/Possible again in \d+ s\./).waitFor();

    await tab.button('Rotate the secret').click();
    await tab.dialog().getByRole('button', { name: 'Rotate' }).click();
    await tab.shows(secret, /^whsec_/);
    expect(await secret.innerText()).not.toBe(first);
    await tab.button('I have stored it').click();

    await tab.button('Disable').click();
    await tab.dialog().getByRole('button', { name: 'Disable' }).click();
    await tab.text('Nothing is sent.').waitFor();
    await tab.button('Enable').click();
    await tab.text('The endpoint is enabled.').waitFor();

    await tab.button('Edit').click();
    await tab.field('Description').fill('changed');
    await tab.button('Save').click();
    await tab.text('The endpoint is changed.').waitFor();
    await tab.shows(tab.page.getByRole('region', { name: 'State' }), 'changed');

    await tab.button('Delete').click();
    await tab.field('Confirmation').fill(tab.params().id ?? '');
    await tab.dialog().getByRole('button', { name: 'Delete for ever' }).click();
    await tab.text('The endpoint is deleted.').waitFor();
    await tab.row(receiver.url).waitFor({ state: 'detached' });
  });

  it('are listed with their attempts and the next one, filtered, and sent again', async ({ open, service }) => {
    const receiver = await received();
    const id = newId();
    receiver.status = 500;
    receiver.concerns = ({ data }) => data.result_id === id;
    const created = await service.call('POST', '/webhook-endpoints', { url: receiver.url });
    const { id: endpointId } = Created.parse(await created.json());
    await service.setGroup(id, scored('IN_PROGRESS'));
    await service.track(id);
    await expect.poll(() => receiver.about(id).length).toBeGreaterThan(0);

    const tab = await open({ as: 'operator', query: `?view=webhooks&id=${endpointId}&result_id=${id}` });
    const row = tab.row(id);
    await expect
      .poll(async () => {
        await tab.button('Refresh the list').click();
        return row.innerText();
      })
      .toMatch(/pending.*answered 500.*in \d+ (sec|min)/s);
    await row.getByText(/^\d, the last answered 500$/).click();
    await tab.shows(row, /answered 500 after \d+ ms/);
    receiver.status = 204;
    await tab.button('Send a test').click();
    await tab.text('The test arrived').waitFor();
    await tab.button(`Resend version 1 of ${id}`).click();
    await tab.text('The delivery is sent again.').waitFor();
    await expect
      .poll(async () => {
        await tab.button('Refresh the list').click();
        return row.innerText();
      })
      .toMatch(/delivered.*none/s);

    await tab.field('Status').selectOption('failed');
    await tab.text('No delivery matches the filters.').waitFor();
    expect(tab.params()).toMatchObject({ id: endpointId, status: 'failed', result_id: id });
    await tab.page.goBack();
    await row.waitFor();
    await tab.button('Send all failed again').click();
    await tab.text('The failed deliveries are sent again.').waitFor();
    await row.getByRole('link', { name: id }).click();
    await tab.heading(`Group ${id}`).waitFor();
    await service.call('DELETE', `/webhook-endpoints/${endpointId}`);
  });
});
