import type { Due } from './ports.ts';
import { type RefreshDeps, type RefreshResult, refresh } from './refresh.ts';

/**
 * Refreshes a group from a queued message. One whose due time is no longer the group's is dropped: the group was refreshed
 * since, or somebody is fetching it, or it is queued under another time.
 */
export async function refreshDue(
  deps: RefreshDeps,
  { resultId, due }: Due,
  signal: AbortSignal,
): Promise<RefreshResult | { readonly kind: 'dropped' }> {
  const found = await deps.store.read(resultId);
  if (found.schedule?.due !== due) return { kind: 'dropped' };
  return refresh(deps, resultId, { ...found, schedule: { ...found.schedule, due } }, { signal, forced: false });
}
