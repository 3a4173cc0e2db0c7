import { setImmediate } from 'node:timers/promises';
// The worker loads it on demand. That takes some rounds of the event loop, and virtual time moves on after one.
import '../../../functions/domain/events/announce.ts';
import { trackGroups } from '../../../functions/domain/groups/track-groups.ts';
import type { RefreshQueue } from '../../../functions/domain/refresh/queue.ts';
import { refreshDue } from '../../../functions/domain/refresh/refresh-due.ts';
import { requestRefresh } from '../../../functions/domain/refresh/request-refresh.ts';
import { SWEEP_AHEAD_SECONDS, sweep } from '../../../functions/domain/refresh/sweep.ts';
import type { WorkerStore } from '../../../functions/domain/store/ports.ts';
import { UNUSED } from '../../../functions/domain/upstream/budget.ts';
import { sweepLimit } from '../../../functions/domain/upstream/rate-limit.ts';
import { seeded } from '../../../lib/sandbox/fixtures/seeded.ts';
import { parseSettings } from '../../../lib/settings/settings.ts';
import { UNHEARD_BUS } from '../../fakes/bus.ts';
import { UNLIMITED } from '../../fakes/quota.ts';
import { virtualClock } from './clock.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { type Group, SPAN, START, SUBMITTED_WITHIN } from './population.ts';
import { memoryDelayQueue, memoryQueue, onQueueFault } from './queue.ts';
import { type Habit, reader } from './reader.ts';
import type { Served, Serving } from './served.ts';
import { upstream } from './upstream.ts';

/** The default settings. */
const settings = parseSettings({});
const budget = { share: settings.budget_share, maxRps: settings.anycheck_max_rps };

export interface Mode {
  readonly webhooks: boolean;
  /** ms after a change until AnyCheck's list shows it; 0 by default. */
  readonly lagMs?: number;
  /** The readers of each group. Without it, groups are only tracked. */
  readonly habit?: Habit;
}

export interface Simulated {
  readonly calls: number;
  /** Calls of the busiest minute. */
  readonly busiest: number;
  readonly reads: number;
  readonly served: Served;
}

/** Where the simulated rows are. */
export interface Rows extends MemoryStore {
  /** Resolves when no request to it is under way. */
  idle(): Promise<unknown>;
}

interface SimulateOptions {
  /** In memory, unless it is given. */
  readonly makeRows?: (now: () => number) => Promise<Rows>;
  /** ms since the epoch: the end of the month, unless it is given. */
  readonly until?: number;
}

const inMemory = async (): Promise<Rows> => ({ ...memoryStore(), idle: setImmediate });

/** The service's own code over a month of groups, under a clock that skips what nothing happens in. */
export async function simulate(
  groups: readonly Group[],
  { webhooks, lagMs = 0, habit }: Mode,
  { makeRows = inMemory, until = START + SUBMITTED_WITHIN + SPAN }: SimulateOptions = {},
): Promise<Simulated> {
  const clock = virtualClock(START, () => rows.idle());
  const { now } = clock;
  const rows = await makeRows(now);
  const draw = seeded('chance');
  const random = () => draw.integer(0, 2 ** 30 - 1) / 2 ** 30;
  const anycheck = upstream(new Map(groups.map((group) => [group.id, group])), { clock, budget, random, lagMs });
  const served = new Map<string, Serving[]>(groups.map(({ id }) => [id, []]));
  const store: WorkerStore = {
    ...rows.store,
    async advance(id, snapshot, before) {
      const isAdvanced = await rows.store.advance(id, snapshot, before);
      if (isAdvanced) served.get(id)?.push({ at: now(), state: anycheck.answered(id), phase: snapshot.phase });
      return isAdvanced;
    },
  };
  const { signal } = new AbortController();
  const queue: RefreshQueue = memoryQueue({
    clock,
    workers: settings.refresh_concurrency,
    work: (message) => refreshDue(deps, { ...message, deliveries: 1 }, signal),
  });
  const queues = { queue, delayed: memoryDelayQueue(clock, queue), onQueueFault };
  const quotas = { unknownReads: UNLIMITED, newGroups: UNLIMITED };
  const deps = { ...queues, ...quotas, ...UNHEARD_BUS, store, anycheck, now, random, sleep: clock.sleep };
  const readers = reader({ ...deps, freshSeconds: settings.fresh_seconds }, clock);

  for (const group of groups) {
    const { id, submitted, deliveries } = group;
    clock.at(submitted, () => (habit ? readers.reads(group, habit) : trackGroups(deps, [id])));
    for (const { at, isLost } of webhooks ? deliveries : []) {
      if (!isLost) clock.at(at, () => requestRefresh({ store, queue, now }, id));
    }
  }
  const everyMinutes = async (): Promise<void> => {
    clock.at(now() + settings.sweep_minutes * 60_000, everyMinutes);
    await sweep({ index: rows.index, queue, now }, sweepLimit(UNUSED, budget, SWEEP_AHEAD_SECONDS, now()));
  };
  clock.at(START, everyMinutes);
  await clock.run(until);
  return { calls: anycheck.calls, busiest: anycheck.busiest, reads: readers.count, served };
}
