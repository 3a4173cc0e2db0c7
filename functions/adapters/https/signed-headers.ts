import { Webhook } from 'standardwebhooks';

/**
 * The headers of Standard Webhooks: the same id for each attempt of a delivery, the time of this attempt, and a signature
 * by each secret, so that a receiver can change over to another secret at any time while both are active.
 * @param now ms since the epoch. @throws an Error where a secret is not base64.
 */
export const signedHeaders = (
  { id, body, secrets }: { readonly id: string; readonly body: string; readonly secrets: readonly string[] },
  now: number,
) => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(now / 1000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, new Date(now), body)).join(' '),
});
