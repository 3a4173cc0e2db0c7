import { type UrlRules, urlFault } from '../adapters/https/url-rules.ts';
import { webhookSender } from '../adapters/https/webhook-sender.ts';
import { secretBox } from '../adapters/secrets/secret-box.ts';
import { lazy } from '../domain/lazy.ts';
import type { SecretBox, WebhookSender } from '../domain/webhooks/ports.ts';
import type { SenderEnv } from './webhook-env.ts';

/** Builds the sender of webhooks of a function from its environment variables. */
export function webhookSenderFrom(env: SenderEnv): WebhookSender {
  return webhookSender({ ...urlRules(env), now: Date.now });
}

/** @returns a check of a URL at its registration; see `urlFault`. */
export const urlCheckFrom = (env: SenderEnv) => (text: string) => urlFault(text, urlRules(env));

/** The box of a function's signing secrets. The client of its keyring loads with the first secret. */
export function secretBoxFrom(env: SenderEnv): SecretBox {
  const reader = lazy(async () => {
    const [{ keyringReader }, { secretsClient }] = await Promise.all([
      import('../adapters/aws/keyring.ts'),
      import('../adapters/aws/secret.ts'),
    ]);
    return keyringReader(secretsClient(), env.KEYRING_SECRET_ARN, Date.now);
  });
  return secretBox(async (options) => (await reader())(options));
}

const urlRules = (env: SenderEnv): UrlRules => ({
  allowedHosts: env.WEBHOOK_ALLOWED_HOSTS,
  allowedPorts: env.WEBHOOK_ALLOWED_PORTS,
  ownHosts: env.OWN_HOSTS,
  allowLoopback: env.WEBHOOK_ALLOW_LOOPBACK === 'true',
});
