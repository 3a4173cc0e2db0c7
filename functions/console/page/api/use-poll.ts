import { type Loaded, useLoad } from './use-load.ts';
import { useRepeat } from './use-repeat.ts';

const INTERVAL_MS = 10_000;

/**
 * Loads what a view shows, and again some time after each load while the tab is visible. Timers cause only calls that cost
 * a few reads of the table, and never a call of AnyCheck.
 */
export function usePoll<Data>(
  key: string,
  load: (signal: AbortSignal) => Promise<Data>,
  intervalMs = INTERVAL_MS,
): Loaded<Data> {
  const loaded = useLoad(key, load);
  const { retryAfterSeconds = 0 } = loaded.error?.details ?? {};
  useRepeat(loaded.reload, !loaded.isLoading, Math.max(intervalMs, retryAfterSeconds * 1000));
  return loaded;
}
