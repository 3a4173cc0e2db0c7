import { beginningOf } from '../group/position.ts';
import type { Groups } from '../groups/group-list.ts';
import { mapLimit } from '../map-limit.ts';
import type { Schedules } from '../store/ports.ts';

export interface ExpireSettledDeps {
  readonly groups: Pick<Groups, 'list'>;
  readonly store: Pick<Schedules, 'expedite'>;
  readonly now: () => number;
}

/** Groups of one run; the next sweep continues with the next ones. */
const MAX_GROUPS = 100;
/** Groups updated at once. */
const MAX_IN_FLIGHT = 16;

/**
 * Makes groups due whose retention has ended; the worker then erases them. Most groups have a due time at the end of
 * their retention. This covers groups that settled before a retention, or a shorter one, was configured.
 * @param retentionMs ms after its last change for which a settled group is retained.
 */
export async function expireSettled({ groups, store, now }: ExpireSettledDeps, retentionMs: number): Promise<void> {
  const settled = { phase: 'settled', overallStatus: undefined, isFailing: false } as const;
  const range = { before: beginningOf(now() - retentionMs), order: 'oldest' } as const;
  const { found } = await groups.list(settled, range, MAX_GROUPS);
  await mapLimit(found, MAX_IN_FLIGHT, ({ resultId }) => store.expedite(resultId, now()));
}
