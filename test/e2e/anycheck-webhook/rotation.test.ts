import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../functions/routes.ts';
import { WEBHOOK_TOKEN } from '../stack/options.ts';
import { type Running, startRunning } from '../stack/running.ts';

let running: Running;
beforeAll(async () => {
  running = await startRunning({ sweepSeconds: 600 });
});
afterAll(() => running?.stop());

describe('a rotated token', () => {
  it('is taken beside the one before it, where the secret holds both', async () => {
    const [token, previous_token] = ['the-new-token-of-the-webhook', WEBHOOK_TOKEN];
    // A function keeps what it read for a minute: this run has read nothing.
    running.stack.putSecret('webhook-secret', JSON.stringify({ token, previous_token }));
    const given = async (one: string) => {
      const path = routes.anycheckWebhook.path.replace('{token}', one);
      return (await running.call(path, { method: 'POST', body: '{}' })).status;
    };
    expect([await given(token), await given(previous_token), await given('neither-of-the-two')]).toEqual([
      202, 202, 401,
    ]);
  });
});
