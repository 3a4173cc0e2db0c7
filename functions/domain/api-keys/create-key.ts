import { concurrentChanges } from '../refusal.ts';
import { type ApiKey, DAY_MS, type KeyRole } from './api-key.ts';
import { MAX_KEYS, tooManyKeys } from './key-refusals.ts';
import { ID_BYTES } from './key-text.ts';
import { newSecret, type RandomDeps } from './new-secret.ts';
import type { ApiKeys } from './ports.ts';

export interface CreateKeyDeps extends RandomDeps {
  readonly keys: Pick<ApiKeys, 'list' | 'create'>;
  /** ms since the epoch. */
  readonly now: () => number;
}

export interface NewKey {
  readonly name: string;
  readonly role: KeyRole;
  /** Days until it ends. */
  readonly lifetimeDays: number;
  /** The subject of the admin's token. */
  readonly createdBy: string;
}

/** A key with its text, which nothing stored gives back. */
export interface IssuedKey {
  readonly key: ApiKey;
  /** What a caller sends as `X-API-Key`. */
  readonly text: string;
}

/** Creates a key. Concurrent calls can exceed MAX_KEYS. @throws Refusal TOO_MANY_KEYS, CONCURRENT_CHANGES. */
export async function createKey(deps: CreateKeyDeps, settings: NewKey): Promise<IssuedKey> {
  const { keys, now, randomHex } = deps;
  if ((await keys.list()).length >= MAX_KEYS) throw tooManyKeys();
  const id = randomHex(ID_BYTES);
  const { text, stored } = newSecret(deps, id);
  const createdAt = now();
  const expiresAt = createdAt + settings.lifetimeDays * DAY_MS;
  const key: ApiKey = { ...settings, id, createdAt, expiresAt, rotated: undefined, secrets: [stored], revision: 1 };
  // Another key has the id.
  if (!(await keys.create(key))) throw concurrentChanges();
  return { key, text };
}
