import { beginningOf } from '../group/position.ts';
import type { Groups } from '../groups/group-list.ts';
import { mapLimit } from '../map-limit.ts';
import type { Schedules } from '../store/ports.ts';

export interface RetireDeps {
  readonly groups: Pick<Groups, 'list'>;
  readonly store: Pick<Schedules, 'hasten'>;
  readonly now: () => number;
}

/** Groups at once; the next sweep takes the next. */
const MOST = 100;
/** Groups updated at once. */
const MAX_IN_FLIGHT = 16;

/**
 * Makes groups due that have been settled for longer than they are kept: whoever looks at one then erases it. Most are due by
 * themselves at that time; these had settled before such a time was set, or a shorter one.
 * @param keptFor ms after its last change for which a settled group is kept.
 */
export async function retire({ groups, store, now }: RetireDeps, keptFor: number): Promise<void> {
  const settled = { phase: 'settled', overallStatus: undefined } as const;
  const range = { before: beginningOf(now() - keptFor), order: 'oldest' } as const;
  const { found } = await groups.list(settled, range, MOST);
  await mapLimit(found, MAX_IN_FLIGHT, ({ resultId }) => store.hasten(resultId, now()));
}
