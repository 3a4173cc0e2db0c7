import { mapLimit } from '../../../domain/map-limit.ts';

/** What may go at once. */
export interface Limits {
  readonly items: number;
  readonly bytes: number;
}

/**
 * Rows and bytes written at once. A group is one partition of DynamoDB, which takes 1 MB a second: more is only refused and
 * tried again.
 */
const OF_ONE_GROUP: Limits = { items: 16, bytes: 1_000_000 };

/** Items to be written at once, batch after batch. @param bytesOf what writing one counts as; nothing, unless it is given. */
export function batchesOf<T>(
  items: readonly T[],
  bytesOf: (item: T) => number = () => 0,
  limits: Limits = OF_ONE_GROUP,
): T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item);
    bytes += size;
    const last = batches.at(-1);
    if (last && last.length < limits.items && bytes <= limits.bytes) last.push(item);
    else {
      batches.push([item]);
      bytes = size;
    }
  }
  return batches;
}

/** What one of `n` written at once may count as. */
export const shareOf = (n: number): number => OF_ONE_GROUP.bytes / n;

/** Those of a batch at once, and none still under way when it ends, however it ends. */
export async function eachOf<T>(batches: readonly T[][], write: (item: T) => Promise<unknown>): Promise<void> {
  for (const batch of batches) await mapLimit(batch, batch.length, write);
}
