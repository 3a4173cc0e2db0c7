import type { ApiKey } from './api-key.ts';
import { checkKey, type KeyVerdict } from './check-key.ts';
import type { KeyReader } from './ports.ts';
import { remember } from './remember.ts';

interface Deps {
  readonly keys: Pick<KeyReader, 'find'>;
  /** How long the record of a key counts after its read, in ms. A deleted key, or a secret that was cut off, works as long. */
  readonly cacheMs: number;
  readonly now: () => number;
}

/**
 * Checks keys, and remembers their records. A remembered record lets callers in and refuses none: every refusal comes from
 * a read. So the secret of a rotation works at once, and no unknown id is remembered.
 * @returns a check of a text that a caller sent as its key. It throws the error of `find`.
 */
export function cachedCheck({ keys, cacheMs, now }: Deps): (text: string) => Promise<KeyVerdict> {
  const records = new Map<string, { readonly key: ApiKey; readonly until: number }>();

  const remembered = async (id: string) => {
    const record = records.get(id);
    return record && now() < record.until ? record.key : undefined;
  };
  const read = async (id: string) => {
    const until = now() + cacheMs;
    const key = await keys.find(id);
    if (key) remember(records, id, { key, until });
    else records.delete(id);
    return key;
  };

  return async (text) => {
    const verdict = await checkKey(remembered, text, now());
    return verdict.kind === 'valid' ? verdict : checkKey(read, text, now());
  };
}
