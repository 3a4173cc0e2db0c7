import { type ListDeps, listVerifications } from '../../../functions/domain/read/list-verifications.ts';
import { Refusal } from '../../../functions/domain/refusal.ts';
import type { VirtualClock } from './clock.ts';
import { type Group, isOver, SPAN } from './population.ts';

/** ms from one read to the next, by the ms since the group was submitted and whether it was read as final; undefined after the last one. */
export type Habit = (age: number, isFinal: boolean) => number | undefined;

const MINUTE = 60_000;
/** Waits before a screen for ten minutes, then comes back once an hour until all is over. */
export const watching: Habit = (age, isFinal) => (isFinal ? undefined : age < 10 * MINUTE ? 5_000 : 60 * MINUTE);
/** The poller that stops when all is over, with its address changed. */
export const polling: Habit = (_, isFinal) => (isFinal ? undefined : MINUTE);
/** Comes back 20 times a day for a month, final or not. */
export const returning: Habit = (age) => (age < SPAN ? 72 * MINUTE : undefined);

export interface Readers {
  readonly count: number;
  /** Reads a group from now on. */
  reads(group: Group, habit: Habit): Promise<void>;
}

type Deps = Omit<ListDeps, 'history' | 'onRead' | 'onRefresh' | 'onQueueFault'>;

/**
 * Readers of `GET /verifications` without `Cache-Control`: a stored snapshot is served at once, and refreshed early
 * where it is too old.
 */
export function reader(deps: Deps, clock: VirtualClock): Readers {
  const { signal } = new AbortController();
  const all: ListDeps = {
    ...deps,
    history: { changeAt: async () => undefined },
    onRead: () => {},
    onRefresh: () => {},
    onQueueFault: (_, fault) => {
      throw fault;
    },
  };
  let count = 0;

  async function reads(group: Group, habit: Habit): Promise<void> {
    count++;
    const request = { resultId: group.id, offset: 0, size: 10, version: undefined, asOf: undefined, maxAge: undefined };
    const again = (after: number | undefined) => {
      if (after !== undefined) clock.at(clock.now() + after, () => reads(group, habit));
    };
    try {
      const { snapshot } = await listVerifications(all, request, () => signal);
      const status: unknown = JSON.parse(snapshot.overallStatusText);
      again(habit(clock.now() - group.submitted, isOver(status)));
    } catch (error) {
      // A group of several pages that never holds still may not be known yet.
      if (!(error instanceof Refusal) || error.retryAfter === undefined) throw error;
      again(error.retryAfter * 1000);
    }
  }

  return {
    get count() {
      return count;
    },
    reads,
  };
}
