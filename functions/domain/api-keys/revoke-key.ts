import type { ApiKey } from './api-key.ts';
import { unknownKey } from './key-refusals.ts';
import type { ApiKeys } from './ports.ts';

/** Deletes a key, with all its secrets. @returns the key. @throws Refusal UNKNOWN_KEY. */
export async function revokeKey(keys: Pick<ApiKeys, 'get' | 'delete'>, id: string): Promise<ApiKey> {
  const key = await keys.get(id);
  if (!key) throw unknownKey();
  // Where it is gone meanwhile, another call deleted it, or this one did and its answer was lost.
  await keys.delete(id);
  return key;
}
