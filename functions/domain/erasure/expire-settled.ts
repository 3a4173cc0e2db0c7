import { beginningOf } from '../group/position.ts';
import type { Groups } from '../groups/group-list.ts';
import { mapLimit } from '../map-limit.ts';
import type { Schedules } from '../store/ports.ts';

export interface ExpireSettledDeps {
  readonly groups: Pick<Groups, 'list'>;
  readonly store: Pick<Schedules, 'expedite'>;
  readonly now: () => number;
}

/** Groups at once; the next sweep takes the next. */
const MAX_GROUPS = 100;
/** Groups updated at once. */
const MAX_IN_FLIGHT = 16;

/**
 * Makes groups due that have been settled for longer than they are kept: whoever looks at one then erases it. Most are due by
 * themselves at that time; these had settled before such a time was set, or a shorter one.
 * @param retentionMs ms after its last change for which a settled group is kept.
 */
export async function expireSettled({ groups, store, now }: ExpireSettledDeps, retentionMs: number): Promise<void> {
  const settled = { phase: 'settled', overallStatus: undefined } as const;
  const range = { before: beginningOf(now() - retentionMs), order: 'oldest' } as const;
  const { found } = await groups.list(settled, range, MAX_GROUPS);
  await mapLimit(found, MAX_IN_FLIGHT, ({ resultId }) => store.expedite(resultId, now()));
}
