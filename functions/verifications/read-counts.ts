import { log } from '../runtime/log.ts';

/** ms between two lines while there are few reads, and values that a line may hold of one metric (CloudWatch's own limit). */
const EVERY = 10_000;
const MOST = 100;

interface Served {
  readonly isCurrent: boolean;
  /** Seconds. */
  readonly age: number;
}

export interface ReadCounts {
  onRead(kind: 'hit' | 'miss'): void;
  /** Tells of the reads so far once this one has ended, however it did. */
  telling<S extends Served>(read: Promise<S>): Promise<S>;
}

/** The reads of this environment: one line tells of many, since a line each would cost more than what it tells of. */
export function readCounts(now: () => number): ReadCounts {
  let counts: Partial<Record<'ReadHits' | 'ReadMisses', number>> = {};
  let ages: number[] = [];
  let toldAt = 0;
  const tell = () => {
    const metrics = { ...counts, ...(ages.length > 0 && { ServedAgeSeconds: ages }) };
    const isDue = ages.length >= MOST || now() - toldAt >= EVERY;
    if (!isDue || Object.keys(metrics).length === 0) return;
    log('info', 'reads.counted', {}, metrics);
    [counts, ages, toldAt] = [{}, [], now()];
  };
  return {
    onRead(kind) {
      const name = kind === 'hit' ? 'ReadHits' : 'ReadMisses';
      counts[name] = (counts[name] ?? 0) + 1;
    },
    async telling(read) {
      try {
        const served = await read;
        if (served.isCurrent) ages.push(served.age);
        return served;
      } finally {
        tell();
      }
    },
  };
}
