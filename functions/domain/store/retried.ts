import { concurrentChanges } from '../refusal.ts';

/** How often a change is tried that other calls come before. */
const MAX_TRIES = 4;

/**
 * Reads and writes a record until no other call comes between.
 * @param write returns undefined where another call came between.
 * @throws Refusal CONCURRENT_CHANGES after MAX_TRIES.
 */
export async function retried<T>(write: (attempt: number) => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const written = await write(attempt);
    if (written !== undefined) return written;
  }
  throw concurrentChanges();
}
