import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** ms for which a secret's value is cached. A new value takes effect without a deployment. */
const TTL_MS = 60_000;

export const secretsClient = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });

/** @param options.anew reads the secret now, unless a caller did so with this option within the last minute. */
export type SecretReader<Value> = (options?: { readonly anew: boolean }) => Promise<Value>;

/**
 * Caches a secret's value for a minute. A caller whose value was refused can read the secret earlier, once a minute at
 * most.
 * @param now ms since the epoch.
 */
export function cachedForAMinute<Value>(read: () => Promise<Value>, now: () => number): SecretReader<Value> {
  let cached: { value: Value; until: number } | undefined;
  let forcedAt = Number.NEGATIVE_INFINITY;

  return async ({ anew } = { anew: false }) => {
    const isForced = anew && now() - forcedAt >= TTL_MS;
    if (isForced) forcedAt = now();
    if (cached && now() < cached.until && !isForced) return cached.value;
    const value = await read();
    cached = { value, until: now() + TTL_MS };
    return value;
  };
}
