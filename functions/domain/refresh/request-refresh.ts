import type { Schedules } from '../store/ports.ts';
import type { RefreshQueue } from './queue.ts';

/**
 * Requests a refresh of a group: a refresh that begins after now runs as soon as the queue allows. A group that is not
 * tracked is left unchanged.
 */
export async function requestRefresh(
  { store, queue, now }: { readonly store: Schedules; readonly queue: RefreshQueue; readonly now: () => number },
  resultId: string,
): Promise<void> {
  const due = await store.requestRefresh(resultId, now());
  if (due !== undefined) await queue.enqueue([{ resultId, due }]);
}
