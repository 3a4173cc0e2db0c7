import { tooSoon } from '../refusal.ts';
import { retried } from '../store/retried.ts';
import { type ApiKey, DAY_MS, type KeySecret } from './api-key.ts';
import type { IssuedKey } from './create-key.ts';
import { unknownKey } from './key-refusals.ts';
import { newSecret, type RandomDeps } from './new-secret.ts';
import type { ApiKeys } from './ports.ts';

export interface RotateKeyDeps extends RandomDeps {
  readonly keys: Pick<ApiKeys, 'get' | 'replace'>;
  /** ms since the epoch. */
  readonly now: () => number;
}

export interface Rotation {
  /** Hours for which the secret before stays valid. 0 ends all earlier secrets at once. */
  readonly previousValidHours: number;
  /** Days from now until the key ends; undefined: as many as before. */
  readonly lifetimeDays?: number | undefined;
  /** The subject of the admin's token. */
  readonly rotatedBy: string;
}

export interface RotatedKey extends IssuedKey {
  /** When the secret before ends or ended, ms since the epoch. */
  readonly previousEndsAt: number;
}

/** The most valid secrets of a key. */
const MAX_VALID_SECRETS = 4;
/** The most secrets of a key. The ended ones among them are told apart from wrong ones; older ones are forgotten. */
const MAX_SECRETS = 12;
const HOUR_MS = 3_600_000;

/**
 * Gives a key a new secret and a new end. It also renews a key that has ended.
 * @throws Refusal UNKNOWN_KEY, CONCURRENT_CHANGES; QUOTA_SPENT where the key would have over MAX_VALID_SECRETS.
 */
export function rotateKey(deps: RotateKeyDeps, id: string, rotation: Rotation): Promise<RotatedKey> {
  return retried(async () => {
    const { keys, now } = deps;
    const before = await keys.get(id);
    if (!before) throw unknownKey();
    const at = now();
    const lifetimeDays = rotation.lifetimeDays ?? before.lifetimeDays;
    const expiresAt = at + lifetimeDays * DAY_MS;
    const { text, stored } = newSecret(deps, id);
    const previous = ended(before, Math.min(expiresAt, at + rotation.previousValidHours * HOUR_MS));
    refuseTooMany(previous, at);
    const rotated = { at, by: rotation.rotatedBy };
    const key: ApiKey = {
      ...before,
      rotated,
      lifetimeDays,
      expiresAt,
      secrets: [stored, ...previous.slice(0, MAX_SECRETS - 1)],
    };
    const [{ until: previousEndsAt }] = previous;
    return (await keys.replace(key)) ? { key, text, previousEndsAt } : undefined;
  });
}

type EndingSecret = KeySecret & { readonly until: number };

/** The secrets of a key, none of which ends later than before. A secret ends with its key, which the rotation prolongs. */
function ended({ secrets, expiresAt }: ApiKey, latest: number): [EndingSecret, ...EndingSecret[]] {
  const [current, ...others] = secrets;
  const ending = ({ hash, until = expiresAt }: KeySecret) => ({ hash, until: Math.min(until, expiresAt, latest) });
  return [ending(current), ...others.map(ending)];
}

function refuseTooMany(previous: readonly EndingSecret[], at: number): void {
  const valid = previous.filter(({ until }) => until > at);
  if (valid.length < MAX_VALID_SECRETS) return;
  const firstEnd = Math.min(...valid.map(({ until }) => until));
  throw tooSoon(
    `${MAX_VALID_SECRETS} secrets of this API key are valid already. Wait until one ends, or end all with previous_valid_hours 0.`,
    firstEnd - at,
  );
}
