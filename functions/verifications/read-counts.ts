import { log } from '../runtime/log/log.ts';

/** ms between two lines while there are few reads, and values that a line may hold of one metric (CloudWatch's own limit). */
const LOG_INTERVAL_MS = 10_000;
const MAX_VALUES = 100;

interface Served {
  readonly isCurrent: boolean;
  /** Seconds. */
  readonly age: number;
}

export interface ReadCounts {
  onRead(kind: 'hit' | 'miss'): void;
  onServed(served: Served): void;
  /** Writes the line of the reads so far, where it is due: called at the end of each call, however it ended. */
  report(): void;
}

/** The reads of this environment: one line tells of many, since a line each would cost more than what it tells of. */
export function readCounts(now: () => number): ReadCounts {
  let counts: Partial<Record<'ReadHits' | 'ReadMisses', number>> = {};
  let ages: number[] = [];
  let loggedAt = 0;
  return {
    onRead(kind) {
      const name = kind === 'hit' ? 'ReadHits' : 'ReadMisses';
      counts[name] = (counts[name] ?? 0) + 1;
    },
    onServed({ isCurrent, age }) {
      if (isCurrent) ages.push(age);
    },
    report() {
      const metrics = { ...counts, ...(ages.length > 0 && { ServedAgeSeconds: ages }) };
      const isDue = ages.length >= MAX_VALUES || now() - loggedAt >= LOG_INTERVAL_MS;
      if (!isDue || Object.keys(metrics).length === 0) return;
      log('info', 'reads.counted', {}, metrics);
      [counts, ages, loggedAt] = [{}, [], now()];
    },
  };
}
