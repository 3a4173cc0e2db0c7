import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { routes } from '../../../functions/routes.ts';
import { startLocal } from '../../../lib/local/main.ts';
import { temporaryDirectory } from '../../engine/lib/local/support/running.ts';
import { eventually } from '../stack/calls.ts';

describe('the groups of the sandbox that npm start begins', () => {
  it('deliver to it', async () => {
    const directory = temporaryDirectory();
    const stack = await startLocal({
      assembly: inject('assembly'),
      dataDir: directory.path,
      webhookPath: routes.anycheckWebhook.path,
      sweepSeconds: 600,
    });
    onTestFinished(async () => {
      await stack.close();
      directory.remove();
    });
    const [taken] = await eventually(
      async () => (stack.sandbox?.controls.deliveries() ?? []).filter(({ answer }) => answer === 202),
      (deliveries) => deliveries.length > 0,
      20_000,
    );
    expect(taken?.url).toBe(`${stack.url}/webhooks/anycheck/local-webhook-token`);
  });
});
