import { count, log } from '../runtime/log.ts';

/** ms between two lines while there are few reads, and values that a line may hold of one metric (CloudWatch's own limit). */
const EVERY = 10_000;
const MOST = 100;

export interface ReadCounts {
  onRead(kind: 'hit' | 'miss'): void;
  /** @param age seconds, of a current snapshot. */
  served(age: number): void;
}

/** The reads of this environment: one line tells of many, since a line each would cost more than what it tells of. */
export function readCounts(now: () => number): ReadCounts {
  let ages: number[] = [];
  let toldAt = 0;
  return {
    onRead: (kind) => count(kind === 'hit' ? 'ReadHits' : 'ReadMisses'),
    served(age) {
      ages.push(age);
      const at = now();
      if (ages.length < MOST && at - toldAt < EVERY) return;
      log('info', 'reads.counted', {}, { ServedAgeSeconds: ages });
      [ages, toldAt] = [[], at];
    },
  };
}
