import { log } from '../runtime/log/log.ts';

/** The shortest interval between two log lines, unless there are MAX_VALUES reads before. */
const LOG_INTERVAL_MS = 10_000;
/** CloudWatch's limit of the values of one metric in a log line. */
const MAX_VALUES = 100;

interface Served {
  readonly isCurrent: boolean;
  /** Seconds. */
  readonly age: number;
}

export interface ReadCounts {
  onRead(kind: 'hit' | 'miss'): void;
  onServed(served: Served): void;
  /**
   * Writes the log line of the reads so far, if it is due. The middleware calls it at the end of each call, successful
   * or not.
   */
  report(): void;
}

/**
 * Counts the reads of this execution environment. One log line reports many reads: a line for each would cost more than
 * the read.
 */
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
