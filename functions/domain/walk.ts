import * as z from 'zod/mini';
import { cursorOf, positionIn } from './cursor.ts';
import { invalidField } from './errors.ts';
import type { Filter, Groups, History, Listed } from './ports.ts';
import { beginningOf, positionOf } from './position.ts';

/**
 * ms after which a change is surely in the index: it is written down a moment after it was published, and indexes follow
 * their tables.
 */
export const LAG = 5_000;
/** Letters of an id's end that tell it from others of the same few seconds. */
const SHORT = 10;
/** Changes read at once, and as many as are read for one page. */
const CHUNK = 100;
const TOO_MANY = 5_000;

/** Before the first group. */
const TOP = beginningOf(999_999_999_999_999);
/**
 * Where a walk stands. What changes moves to the front, behind its back. So every group comes where it stood at one time, a
 * little before the walk began: all that stood at `at` then, or before it in the order of the walk, were given.
 */
const Walk = z.strictObject({
  at: z.string().check(z.regex(/^\d{13,15}#[0-9a-f-]{0,36}$/)),
  /** That time, ms since the epoch. */
  since: z.int().check(z.nonnegative()),
  /** The ends of the ids of those that were given first, since they had only just changed. */
  fresh: z.array(z.string().check(z.maxLength(SHORT))).check(z.maxLength(CHUNK)),
});
type Walk = z.output<typeof Walk>;

export interface WalkDeps {
  readonly groups: Groups;
  readonly history: Pick<History, 'changeAt'>;
  readonly now: () => number;
}

export interface WalkPage {
  readonly found: Listed[];
  /** Null at the end. */
  readonly cursor: string | null;
}

interface Place {
  readonly group: Listed;
  readonly at: string;
}

/**
 * The next groups of a walk through all that a filter lets through, the last changed first: each once, also where groups
 * change during the walk; those that are new may come or not.
 * @param limit groups of a page, 100 at most.
 * @throws ApiError 400 for a cursor that isn't one, or that is so old that too much has changed since.
 */
export async function walk(
  deps: WalkDeps,
  filter: Filter,
  cursor: string | undefined,
  limit: number,
): Promise<WalkPage> {
  const settled = deps.now() - LAG;
  const { found, next } = await (cursor === undefined
    ? firstPage(deps, filter, settled, limit)
    : nextPage(deps, filter, positionIn(cursor, Walk), settled, limit));
  return { found, cursor: next && cursorOf(next) };
}

async function firstPage({ groups }: WalkDeps, filter: Filter, since: number, limit: number) {
  const { found, next } = await groups.list(filter, {}, limit);
  if (next === undefined) return { found, next: null };
  const isSettled = next < beginningOf(since);
  const fresh = found.filter(({ position }) => position >= beginningOf(since)).map(endOf);
  return { found, next: { at: isSettled ? next : TOP, since, fresh } satisfies Walk };
}

async function nextPage(
  deps: WalkDeps,
  filter: Filter,
  walked: Walk,
  settled: number,
  limit: number,
): Promise<{ found: Listed[]; next: Walk | null }> {
  const { since } = walked;
  const begin = beginningOf(since);
  // What has moved is looked for afterwards: so it is either still seen where it stood, or seen there.
  const standing = await deps.groups.list(
    filter,
    { before: walked.at < begin ? walked.at : begin },
    Math.max(1, limit),
  );
  const { moved, count } = await movedSince(deps, filter, walked);
  const isSeen = new Set(standing.found.map(({ resultId }) => resultId));
  const missed = moved.filter(({ group }) => !isSeen.has(group.resultId));

  if (count > limit / 2 && walked.at < begin && settled > since) {
    const late = await changedBefore(deps, missed, since, settled);
    if (late.length <= limit) {
      // With these, all that stood at `at` or before it at that later time were given: from now on it goes by that.
      const later: Walk = { ...walked, since: settled };
      const rest = await nextPage(deps, filter, later, settled, limit - late.length);
      return { found: [...late.map(({ group }) => group), ...rest.found], next: rest.next };
    }
  }

  const stood: Place[] = standing.found.map((group) => ({ group, at: group.position }));
  const inOrder = [...stood, ...missed.filter(({ at }) => at >= (standing.next ?? ''))].toSorted((a, b) =>
    a.at < b.at ? 1 : -1,
  );
  const given = inOrder.slice(0, limit);
  const at = inOrder.length > limit ? (given.at(-1)?.at ?? walked.at) : standing.next;
  return { found: given.map(({ group }) => group), next: at === undefined ? null : { ...walked, at } };
}

/** Those that have moved before they were given, and how many have moved in all. */
async function movedSince(deps: WalkDeps, filter: Filter, { at, since, fresh }: Walk) {
  const moved: Place[] = [];
  let count = 0;
  for (let after: string | undefined = beginningOf(since); after !== undefined; ) {
    const { found, next } = await deps.groups.list(filter, { after, order: 'oldest first' }, CHUNK);
    for (const place of await placesAt(deps, found, since)) {
      if (place.at < at && !fresh.includes(endOf(place.group))) moved.push(place);
    }
    count += found.length;
    if (count > TOO_MANY) throw invalidField('cursor', 'is so old that too much has changed since: begin anew');
    after = next;
  }
  return { moved, count };
}

/** Of those that have moved since a time, the ones that had by another. */
async function changedBefore(deps: WalkDeps, moved: readonly Place[], since: number, by: number) {
  const groups = moved.map(({ group }) => group);
  const places = await placesAt(deps, groups, by);
  return places.filter(({ at }) => at >= beginningOf(since));
}

/** Where groups stood at a time; those that weren't there yet, where they first did. */
const placesAt = ({ history }: WalkDeps, groups: readonly Listed[], time: number): Promise<Place[]> =>
  Promise.all(
    groups.map(async (group) => {
      const { resultId, schedule } = group;
      const then = schedule.firstSeen < time ? await history.changeAt(resultId, time - 1) : undefined;
      return { group, at: positionOf(then?.publishedAt ?? schedule.firstSeen, resultId) };
    }),
  );

const endOf = ({ resultId }: Listed) => resultId.slice(-SHORT);
