import type { Schedules } from '../store/ports.ts';
import type { RefreshQueue } from './queue.ts';

/**
 * Requests a refresh of a group: a refresh that begins after now runs as soon as the queue allows. A group that is not
 * tracked is left unchanged. A refresh that is requested already is not queued again.
 */
export async function requestRefresh(
  { store, queue, now }: { readonly store: Schedules; readonly queue: RefreshQueue; readonly now: () => number },
  resultId: string,
): Promise<void> {
  const at = now();
  const due = (await store.expedite(resultId, at)) ? [at] : await store.requestRefresh(resultId, at);
  await queue.enqueue(due.map((one) => ({ resultId, due: one })));
}
