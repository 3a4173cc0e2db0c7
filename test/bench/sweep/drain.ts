import { refreshDue } from '../../../functions/domain/refresh/refresh-due.ts';
import { SWEEP_AHEAD_SECONDS, sweep } from '../../../functions/domain/refresh/sweep.ts';
import { UNUSED } from '../../../functions/domain/upstream/budget.ts';
import { callsPerSecond, sweepLimit } from '../../../functions/domain/upstream/rate-limit.ts';
import { seeded, seededUuid } from '../../../lib/sandbox/fixtures/seeded.ts';
import { parseSettings } from '../../../lib/settings/settings.ts';
import { UNHEARD_BUS } from '../../fakes/bus.ts';
import { virtualClock } from '../upstream/clock.ts';
import { memoryStore } from '../upstream/memory-store.ts';
import { type Group, START } from '../upstream/population.ts';
import { type MemoryQueue, memoryQueue, onQueueFault } from '../upstream/queue.ts';
import { upstream } from '../upstream/upstream.ts';

const settings = parseSettings({});
const budget = { share: settings.budget_share, maxRps: settings.anycheck_max_rps };

export interface Drained {
  readonly sweeps: number;
  /** Seconds until every group was refreshed, and the seconds that the budget takes for as many calls. */
  readonly seconds: number;
  readonly atBudget: number;
  /** The most places by which a group was refreshed before one that was due earlier. */
  readonly overtakenBy: number;
  /** Messages that sweeps sent, that the queue accepted, and of these, the second one of a group and a due time. */
  readonly sent: number;
  readonly accepted: number;
  readonly doubled: number;
  /** Messages that waited at once, at most. */
  readonly deepest: number;
}

/** Groups that are all due, one after the other, and the sweeps and workers that refresh them at the budget's rate. */
export async function drain(count: number): Promise<Drained> {
  const clock = virtualClock(START);
  const { now } = clock;
  const groups = Array.from({ length: count }, (_, i) => groupOf(seededUuid(`backlog/${i}`)));
  const places = new Map(groups.map(({ id }, i) => [id, i]));
  const draw = seeded('chance');
  const random = () => draw.integer(0, 2 ** 30 - 1) / 2 ** 30;
  const anycheck = upstream(new Map(groups.map((group) => [group.id, group])), { clock, budget, random, lagMs: 0 });
  const { store, index } = memoryStore();
  for (const [i, { id }] of groups.entries()) await store.track(id, START - count + i);

  const { signal } = new AbortController();
  let refreshed = 0;
  let overtakenBy = 0;
  let ended = START;
  const list: typeof anycheck.list = (id, ...rest) => {
    // A group that is due again meanwhile comes after the whole backlog.
    const place = places.get(id);
    places.delete(id);
    if (place !== undefined) overtakenBy = Math.max(overtakenBy, refreshed++ - place);
    if (place !== undefined) ended = now();
    return anycheck.list(id, ...rest);
  };
  const queue: MemoryQueue = memoryQueue({
    clock,
    workers: settings.refresh_concurrency,
    work: (message) => refreshDue(deps, { ...message, deliveries: 1 }, signal),
  });
  const queues = { queue, delayed: queue, onQueueFault };
  const deps = { ...queues, ...UNHEARD_BUS, store, anycheck: { list }, now, random, sleep: clock.sleep };
  let sweeps = 0;
  const everyMinutes = async (): Promise<void> => {
    if (places.size === 0) return;
    sweeps++;
    clock.at(now() + settings.sweep_minutes * 60_000, everyMinutes);
    await sweep({ index, queue, now }, sweepLimit(UNUSED, budget, SWEEP_AHEAD_SECONDS, now()));
  };
  clock.at(START, everyMinutes);
  await clock.run(START + 30 * 86_400_000);
  const { sent, accepted, doubled, deepest } = queue;
  const atBudget = count / callsPerSecond(UNUSED, budget);
  return { sweeps, seconds: (ended - START) / 1000, atBudget, overtakenBy, sent, accepted, doubled, deepest };
}

const groupOf = (id: string): Group => ({
  id,
  kind: 'fast',
  submitted: START,
  states: [{ at: START, overall: 'COMPLETED', items: [{ status: 'COMPLETED', run: 0 }] }],
  reopened: undefined,
  deliveries: [],
});
