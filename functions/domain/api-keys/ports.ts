import type { ApiKey } from './api-key.ts';

export interface ListedKey {
  readonly key: ApiKey;
  /** The day in UTC of its last use: `2026-11-29`. */
  readonly lastUsedOn: string | undefined;
}

/** The store of API keys, for the routes that manage them. Reads are strongly consistent. */
export interface ApiKeys {
  /** All keys but those that ended over 30 days ago. */
  list(): Promise<readonly ListedKey[]>;
  get(id: string): Promise<ApiKey | undefined>;
  /** @returns false where a key has the id. */
  create(key: ApiKey): Promise<boolean>;
  /** Replaces a key where its revision is still that of `key`. The new record has the next revision. */
  replace(key: ApiKey): Promise<boolean>;
  /** @returns false where there is no such key. */
  delete(id: string): Promise<boolean>;
}

/** The keys, for the sweep. */
export interface KeyList {
  /** All keys. Eventually consistent. */
  all(): Promise<readonly ApiKey[]>;
}

/** The keys, for the functions that check a caller's. */
export interface KeyReader {
  /** Strongly consistent: a new key works at once, and a revoked one is not remembered anew. */
  find(id: string): Promise<ApiKey | undefined>;
  /** Records that a key was used. @param now ms since the epoch. */
  used(id: string, now: number): Promise<void>;
}
