import { activeSecrets, type SealedSecret, type WebhookEndpoint } from './endpoint.ts';
import type { SecretBox } from './ports.ts';

/** ms for which the previous secret signs beside a new one. */
export const ROTATION_MS = 86_400_000;
/** The most secrets that sign a delivery. */
export const MAX_ACTIVE_SECRETS = 4;

export interface NewSecretDeps {
  readonly box: SecretBox;
  /** Makes a random secret: `whsec_` and base64. */
  readonly newSecret: () => string;
}

/**
 * Makes a signing secret of an endpoint.
 * @param version one that no other secret of the endpoint has.
 * @returns the secret in clear text, and as it is stored.
 */
export async function sealedSecret(
  { box, newSecret }: NewSecretDeps,
  endpointId: string,
  version: number,
): Promise<{ readonly secret: string; readonly sealed: SealedSecret }> {
  const secret = newSecret();
  return { secret, sealed: { version, sealed: await box.seal(secret, endpointId, version), until: undefined } };
}

/**
 * Returns the active secrets of an endpoint in clear text, the current one first. One that can not be read is left out
 * while another one signs.
 * @param now ms since the epoch.
 * @throws UnreadableSecret, or the error of the keyring, where none can be read.
 */
export async function openedSecrets(box: SecretBox, endpoint: WebhookEndpoint, now: number): Promise<string[]> {
  const active = activeSecrets(endpoint, now);
  const opened = await Promise.allSettled(active.map(({ sealed, version }) => box.open(sealed, endpoint.id, version)));
  const readable = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (readable.length > 0) return readable;
  throw opened.find((one) => one.status === 'rejected')?.reason ?? new Error('the endpoint has no secret');
}
