import { useEffect } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import type { CallInput } from './client.ts';
import type { Body } from './route-types.ts';
import { type Loaded, useLoad } from './use-load.ts';

/** The routes that timers may call. They cost one read of the table, and never a call of AnyCheck. */
type PolledRoute = 'GET /groups' | 'GET /groups/{result_id}';

const INTERVAL_MS = 10_000;

/** Loads the answer of a route, and again every 10 seconds while the tab is visible. */
export function usePoll<Key extends PolledRoute>(route: Key, input: CallInput<Key> | undefined): Loaded<Body<Key>> {
  const { client } = useApp();
  const key = input === undefined ? undefined : `${route} ${JSON.stringify(input)}`;
  const loaded = useLoad(key, async (signal) => {
    if (input === undefined) throw new Error('Nothing is loaded without an input.');
    return (await client.call(route, input, { signal })).body;
  });
  useRepeat(loaded.reload, key !== undefined && !loaded.isLoading);
  return loaded;
}

/**
 * Repeats a step some seconds after it has ended. While the tab is hidden nothing runs. A step that was due meanwhile runs
 * when the tab is shown again.
 */
function useRepeat(step: () => Promise<void>, isIdle: boolean): void {
  useEffect(() => {
    if (!isIdle) return;
    const dueAt = Date.now() + INTERVAL_MS;
    const run = () => {
      if (!document.hidden && Date.now() >= dueAt) void step();
    };
    const timer = setTimeout(run, INTERVAL_MS);
    document.addEventListener('visibilitychange', run);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', run);
    };
  }, [step, isIdle]);
}
