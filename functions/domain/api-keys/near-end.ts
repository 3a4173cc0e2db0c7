import { isNearEnd } from './api-key.ts';
import type { KeyList } from './ports.ts';

export interface NearEndDeps {
  readonly keys: KeyList;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Counts the valid keys that end within NEAR_END. @throws an Error where the table fails. */
export async function countNearEnd({ keys, now }: NearEndDeps): Promise<number> {
  const at = now();
  return (await keys.all()).filter((key) => isNearEnd(key, at)).length;
}
