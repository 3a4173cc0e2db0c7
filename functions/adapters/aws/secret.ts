import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** ms after which a secret is read again: a new value is taken up without a deployment. */
const KEEP = 60_000;

export const secretsClient = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });

/** @param options.anew reads the secret now, unless that was asked for within the last minute. */
export type SecretReader<Value> = (options?: { readonly anew: boolean }) => Promise<Value>;

/**
 * Keeps what was read of a secret for a minute. Whoever finds the value refused has it read sooner, as rarely.
 * @param now ms since the epoch.
 */
export function cachedForAMinute<Value>(read: () => Promise<Value>, now: () => number): SecretReader<Value> {
  let kept: { value: Value; until: number } | undefined;
  let anewAt = Number.NEGATIVE_INFINITY;

  return async ({ anew } = { anew: false }) => {
    const isWanted = anew && now() - anewAt >= KEEP;
    if (isWanted) anewAt = now();
    if (kept && now() < kept.until && !isWanted) return kept.value;
    const value = await read();
    kept = { value, until: now() + KEEP };
    return value;
  };
}
