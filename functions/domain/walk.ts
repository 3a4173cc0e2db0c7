import * as z from 'zod';
import { cursorOf, positionIn } from './cursor.ts';
import type { Filter, Followed, Groups, History } from './ports.ts';
import { positionOf, sortableTime } from './position.ts';

/**
 * ms after which a change is surely in the index: it is written down a moment after it was published, and indexes follow
 * their tables.
 */
const LAG = 3_000;
/** Letters of an id's end that tell it from others of the same few seconds. */
const SHORT = 12;
/** Ids that a cursor holds: more would not fit into an address. */
const MOST_SEEN = 200;

/** Where a walk stands. What changes moves to the front, behind its back; so it remembers what it has given from there. */
const Walk = z.strictObject({
  /** Of the last group given, in the order of the walk: all that stood there or before it at `since` was given. */
  at: z.string().regex(/^\d{13,}#[0-9a-f-]*$/),
  /** ms since the epoch. */
  since: z.int().nonnegative(),
  /** The ends of the ids of those that were given since. */
  seen: z.array(z.string().max(SHORT)).max(MOST_SEEN),
});
type Walk = z.output<typeof Walk>;

export interface WalkDeps {
  readonly groups: Groups;
  readonly history: Pick<History, 'changeAt'>;
  readonly now: () => number;
}

export interface WalkPage {
  readonly found: Followed[];
  /** Null at the end. */
  readonly cursor: string | null;
}

/**
 * The next groups of a walk through all that a filter lets through, the last changed first: each once, also where groups
 * change during the walk. Those that moved behind its back before they were given come with the next page.
 * @throws ApiError 400 for a cursor that isn't one.
 */
export async function walk(
  deps: WalkDeps,
  filter: Filter,
  cursor: string | undefined,
  limit: number,
): Promise<WalkPage> {
  const { groups, now } = deps;
  const walked = cursor === undefined ? undefined : positionIn(cursor, Walk);
  const settled = now() - LAG;
  const missed = walked ? await missedSince(deps, filter, walked) : [];
  if (walked && missed.length >= limit) {
    const found = missed.slice(0, limit);
    return { found, cursor: cursorAt({ ...walked, seen: [...walked.seen, ...found.map(endOf)] }) };
  }
  const { found: next, next: at } = await groups.list(filter, { before: walked?.at }, limit - missed.length);
  const found = [...missed, ...next];
  if (at === undefined) return { found, cursor: null };
  const recent = found.filter(({ schedule }) => (schedule.lastChange ?? 0) > settled).map(endOf);
  return { found, cursor: cursorAt({ at, since: settled, seen: [...(walked?.seen ?? []), ...recent] }) };
}

/** Those that changed since, and that were not given before they did. */
async function missedSince({ groups, history }: WalkDeps, filter: Filter, { at, since, seen }: Walk) {
  const missed: Followed[] = [];
  let before: string | undefined;
  do {
    const { found, next } = await groups.list(filter, { before, after: later(at, sortableTime(since)) }, 100);
    for (const group of found) {
      if (seen.includes(endOf(group))) continue;
      const { resultId, schedule } = group;
      const then = (await history.changeAt(resultId, since))?.publishedAt ?? schedule.firstSeen;
      const wasGiven = then <= since && positionOf(then, resultId) >= at;
      if (!wasGiven) missed.push(group);
    }
    before = next;
  } while (before !== undefined);
  return missed;
}

const later = (a: string, b: string) => (a > b ? a : b);
const endOf = ({ resultId }: Followed) => resultId.slice(-SHORT);

const cursorAt = (walked: Walk): string =>
  cursorOf({ ...walked, seen: [...new Set(walked.seen)].slice(-MOST_SEEN) } satisfies Walk);
