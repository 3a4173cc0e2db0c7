import { mapLimit } from '../../../domain/map-limit.ts';

/** The limits of one batch. */
export interface Limits {
  readonly items: number;
  readonly bytes: number;
}

/**
 * The limits of rows that are written in parallel. A group is one DynamoDB partition, which takes 1 MB a second:
 * DynamoDB throttles more, and the SDK retries it.
 */
const GROUP_LIMITS: Limits = { items: 16, bytes: 1_000_000 };

/**
 * Splits items into batches within the limits.
 * @param bytesOf the bytes that writing an item counts as; 0 by default.
 */
export function batchesOf<T>(
  items: readonly T[],
  bytesOf: (item: T) => number = () => 0,
  limits: Limits = GROUP_LIMITS,
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

/** The bytes that an item counts as if a batch is to hold `n` of them. */
export const shareOf = (n: number): number => GROUP_LIMITS.bytes / n;

/** Writes batch after batch, the items of each in parallel. No write is still under way when it returns or throws. */
export async function eachOf<T>(batches: readonly T[][], write: (item: T) => Promise<unknown>): Promise<void> {
  for (const batch of batches) await mapLimit(batch, batch.length, write);
}
