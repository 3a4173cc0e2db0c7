import { type Group, isOver, pagesOf, SPAN } from './population.ts';
import { type Served, type Stale, staleTimes } from './served.ts';

/**
 * ms: refreshes are at least 15 s apart, begin at a sweep, and take a second. A poller with one poll a minute is no
 * fresher.
 */
export const FLOOR = 76_000;

export interface Figures {
  /** ms that the served content differed from AnyCheck's, of groups that were not final as served. */
  readonly lasted: readonly number[];
  /** The part of these beyond the floor, as a share of the time since the change before. */
  readonly shares: readonly number[];
  /** The same ms of groups that take more than one of AnyCheck's pages: they are in neither of the two. */
  readonly lastedOfSeveral: readonly number[];
  /** ms from a group's final status until it was served. */
  readonly over: readonly number[];
  /** Lost deliveries of groups that were not final; and those of them whose change was served all the same. */
  readonly lost: number;
  readonly healed: number;
  /** Groups whose last state was not served when their tracking ended. */
  readonly wrong: number;
  /** Groups that were reopened after they were final; of those, ms until that was served. */
  readonly reopened: number;
  readonly noticed: readonly number[];
}

export function figures(groups: readonly Group[], served: Served): Figures {
  const all = staleTimes(groups, served);
  const open = all.filter(({ wasSettled }) => !wasSettled);
  const ofOne = open.filter(({ group }) => pagesOf(group) === 1);
  const lost = open.flatMap((one) =>
    one.group.deliveries.filter(({ isLost, state }) => isLost && state >= one.from && state < one.to).map(() => one),
  );
  const until = (first: (group: Group) => number | undefined) =>
    groups.flatMap((group) => servedAfter(group, served, first(group)));
  return {
    lasted: ofOne.map(lengthOf),
    shares: ofOne.map((one) => Math.max(0, lengthOf(one) - FLOOR) / one.since),
    lastedOfSeveral: open.filter(({ group }) => pagesOf(group) > 1).map(lengthOf),
    over: until(({ states }) => states.findIndex(({ overall }) => isOver(overall))),
    lost: lost.length,
    healed: lost.filter(({ lasted }) => lasted !== undefined).length,
    wrong: all.filter(({ lasted }) => lasted === undefined).length,
    reopened: groups.filter(({ reopened }) => reopened !== undefined).length,
    noticed: until(({ reopened }) => reopened).filter(Number.isFinite),
  };
}

const lengthOf = ({ lasted = Number.POSITIVE_INFINITY }: Stale) => lasted;

/** ms until a state was served, or what came after it; infinite where it never was, none where there was no such state. */
function servedAfter({ id, states, submitted }: Group, served: Served, first: number | undefined): number[] {
  const at = first === undefined ? undefined : states[first]?.at;
  if (first === undefined || at === undefined) return [];
  const serving = served.get(id)?.find(({ state }) => state >= first);
  return [serving && serving.at < submitted + SPAN ? serving.at - at : Number.POSITIVE_INFINITY];
}
