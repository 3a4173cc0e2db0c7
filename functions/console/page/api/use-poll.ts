import { useRef } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import type { CallInput } from './client.ts';
import type { Body } from './route-types.ts';
import { type Loaded, useLoad } from './use-load.ts';
import { useRepeat } from './use-repeat.ts';

/** The routes that timers may call. They cost one read of the table, and never a call of AnyCheck. */
type PolledRoute = 'GET /groups' | 'GET /groups/{result_id}';

const INTERVAL_MS = 10_000;

interface Kept<Content> {
  readonly key: string | undefined;
  readonly etag: string | undefined;
  readonly body: Content;
}

/** Loads the answer of a route, and again every 10 seconds while the tab is visible. An unchanged answer is not sent again. */
export function usePoll<Key extends PolledRoute>(route: Key, input: CallInput<Key> | undefined): Loaded<Body<Key>> {
  const { client } = useApp();
  const key = input === undefined ? undefined : `${route} ${JSON.stringify(input)}`;
  const last = useRef<Kept<Body<Key>> | undefined>(undefined);
  const loaded = useLoad(key, async (signal) => {
    if (input === undefined) throw new Error('Nothing is loaded without an input.');
    const before = last.current?.key === key ? last.current : undefined;
    const { status, headers, body } = await client.call(route, input, { signal, etag: before?.etag });
    if (status === 304 && before) return before.body;
    last.current = { key, etag: headers.get('etag') ?? undefined, body };
    return body;
  });
  const isIdle = key !== undefined && !loaded.isLoading;
  useRepeat(loaded.reload, isIdle, Math.max(INTERVAL_MS, (loaded.error?.details.retryAfterSeconds ?? 0) * 1000));
  return loaded;
}
