import type { Schedules } from '../store/ports.ts';
import type { RefreshQueue } from './queue.ts';

/**
 * AnyCheck says that a group may have changed: it is looked at as soon as the queue allows, by a look that begins after now.
 * A group that nobody asked for is left alone, and what is asked for already is not queued again.
 */
export async function requestRefresh(
  { store, queue, now }: { readonly store: Schedules; readonly queue: RefreshQueue; readonly now: () => number },
  resultId: string,
): Promise<void> {
  const at = now();
  const due = (await store.expedite(resultId, at)) ? [at] : await store.requestRefresh(resultId, at);
  await queue.enqueue(due.map((one) => ({ resultId, due: one })));
}
