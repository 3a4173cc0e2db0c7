import { anycheckClient } from '../../../functions/adapters/anycheck/client.ts';
import type { Http } from '../../../functions/adapters/anycheck/http.ts';
import { trackGroups } from '../../../functions/domain/groups/track-groups.ts';
import { type ListDeps, listVerifications } from '../../../functions/domain/read/list-verifications.ts';
import { refreshDue } from '../../../functions/domain/refresh/refresh-due.ts';
import { SWEEP_AHEAD_SECONDS, sweep } from '../../../functions/domain/refresh/sweep.ts';
import { Refusal } from '../../../functions/domain/refusal.ts';
import type { UpstreamAnswer } from '../../../functions/domain/upstream/answer.ts';
import type { Budget, Priority } from '../../../functions/domain/upstream/budget.ts';
import type { UpstreamReason } from '../../../functions/domain/upstream/errors.ts';
import { rateLimiter } from '../../../functions/domain/upstream/limiter.ts';
import { sweepLimit } from '../../../functions/domain/upstream/rate-limit.ts';
import { seeded } from '../../../lib/sandbox/fixtures/seeded.ts';
import { budgetInMemory } from '../../fakes/budget-store.ts';
import { UNHEARD_BUS } from '../../fakes/bus.ts';
import { UNLIMITED } from '../../fakes/quota.ts';
import { virtualClock } from '../upstream/clock.ts';
import { memoryStore } from '../upstream/memory-store.ts';
import { memoryDelayQueue, memoryQueue, onQueueFault } from '../upstream/queue.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const SETTINGS = { share: 0.5, maxRps: 5 };
const WORKERS = 5;
const READERS = 3;
/** ms. */
const LATENCY = 200;
const READ_INTERVAL = 4_000;
const SWEEP_INTERVAL = 60_000;
/** ms after which all groups are known. */
const BEGIN = 60_000;
const LASTS = 40_000;
/** The end of an outage that lasts as long as by default, ms since the epoch. */
export const END_MS = START + BEGIN + LASTS;

/** What AnyCheck answers to a call for a group: an answer, or what the HTTP client throws. Undefined: a list as ever. */
export type OutageAnswer = (resultId: string) => UpstreamAnswer | Error | undefined;

export interface OutageOptions {
  readonly answer: OutageAnswer;
  /** ms of the outage. */
  readonly lasts?: number;
  readonly groups?: number;
  /** ms that a faulty answer takes. */
  readonly latency?: number;
}

interface Outage {
  /** Calls between two times, ms since the outage began. */
  calls(from: number, to: number): number;
  /** The budget as it was when the outage ended. */
  readonly budget: Budget;
  /** Reasons with which the circuit was opened. */
  readonly opened: readonly (UpstreamReason | undefined)[];
  /** ms from the end of the outage until a reader or a worker had the first list; undefined where none had. */
  readonly servedAfter: number | undefined;
  /** ms from the end of the outage until every group was listed again; undefined where some never were. */
  readonly recoveredAfter: number | undefined;
  /** Groups that a reader gets no snapshot of at the end. */
  readonly lost: number;
}

/** Groups that are active, read and due, while AnyCheck sends what it is told, in virtual time. */
export async function simulateOutage({
  answer,
  lasts = LASTS,
  groups = 40,
  latency = LATENCY,
}: OutageOptions): Promise<Outage> {
  const clock = virtualClock(START);
  const { now } = clock;
  const { store, index } = memoryStore();
  const stores = budgetInMemory();
  const draw = seeded('outage');
  const random = () => draw.integer(0, 2 ** 30 - 1) / 2 ** 30;
  const ids = Array.from({ length: groups }, (_, i) => `${String(i).padStart(8, '0')}-0000-4000-8000-000000000000`);
  const begin = START + BEGIN;
  const end = begin + lasts;
  const isOut = () => now() >= begin && now() < end;
  const calls: { readonly at: number; readonly id: string; readonly isListed: boolean }[] = [];
  const opened: (UpstreamReason | undefined)[] = [];
  const { signal } = new AbortController();

  const http: Http = async (_, { query }) => {
    const id = query?.result_id ?? '';
    const faulty = isOut() ? answer(id) : undefined;
    calls.push({ at: now(), id, isListed: !faulty });
    await clock.sleep(faulty ? latency : LATENCY);
    if (faulty instanceof Error) throw faulty;
    if (faulty) return faulty;
    const body = `{"total":1,"overall_status":"IN_PROGRESS","items":[{"id":"a-${id}","status":"IN_PROGRESS"}]}`;
    return { ok: true, body, announced: undefined };
  };
  const access = { headers: { 'x-api-key': 'key' }, credentials: '1', session: undefined };
  /** One function instance: it shares the budget with the others, and nothing else. */
  const instance = (priority: Priority) =>
    anycheckClient({
      http,
      limiter: rateLimiter({
        store: stores(),
        priority,
        settings: SETTINGS,
        now,
        sleep: clock.sleep,
        random,
        emit: (event, details) => event === 'circuit opened' && opened.push(details?.reason),
        count: () => {},
      }),
      authorization: { access: async () => access, renewed: async () => undefined, accepted: async () => {} },
      random,
      sleep: clock.sleep,
    });
  const shared = { store, now, random, sleep: clock.sleep, unknownReads: UNLIMITED, newGroups: UNLIMITED };
  const workers = Array.from({ length: WORKERS }, () => instance('worker'));
  let next = 0;
  const anyWorker = () => workers[next++ % WORKERS] ?? instance('worker');
  const queue = memoryQueue({
    clock,
    workers: WORKERS,
    work: (message) =>
      refreshDue(
        { ...shared, ...queues(), ...UNHEARD_BUS, anycheck: anyWorker() },
        { ...message, deliveries: 1 },
        signal,
      ),
  });
  const delayed = memoryDelayQueue(clock, queue);
  function queues() {
    return { queue, delayed, onQueueFault };
  }
  const readers = Array.from({ length: READERS }, () => instance('reader'));
  async function read(id: string, i: number): Promise<boolean> {
    const anycheck = readers[i % READERS] ?? instance('reader');
    const deps: ListDeps = {
      ...shared,
      ...queues(),
      anycheck,
      freshSeconds: { active: 5, waiting: 60, settled: 900 },
      history: { changeAt: async () => undefined },
      onRead: () => {},
      onRefresh: () => {},
    };
    const request = { resultId: id, offset: 0, size: 10, version: undefined, asOf: undefined, maxAge: 0 };
    try {
      await listVerifications(deps, request, () => signal);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  }
  async function keepReading(id: string, i: number): Promise<void> {
    clock.at(now() + READ_INTERVAL, () => keepReading(id, i));
    await read(id, i);
  }
  const keepSweeping = async (): Promise<void> => {
    clock.at(now() + SWEEP_INTERVAL, keepSweeping);
    const limit = sweepLimit(await stores().read(), SETTINGS, SWEEP_AHEAD_SECONDS, now());
    await sweep({ index, queue, now }, limit);
  };
  clock.at(START, () => trackGroups({ ...shared, queue }, ids));
  clock.at(START, keepSweeping);
  ids.forEach((id, i) => {
    clock.at(START + 30_000 + (i * READ_INTERVAL) / groups, () => keepReading(id, i));
  });

  await clock.run(end - 1);
  const budget = await stores().read();
  await clock.run(end + 60_000);
  const outcomes: boolean[] = [];
  for (const [i, id] of ids.entries()) clock.at(now(), async () => outcomes.push(await read(id, i)));
  await clock.run(now() + 20_000);
  const first = ids.map(
    (id) => calls.find((call) => call.id === id && call.isListed && call.at >= end)?.at ?? Infinity,
  );
  const last = Math.max(...first);
  const earliest = Math.min(...first) + LATENCY;
  return {
    calls: (from, to) => calls.filter(({ at }) => at >= begin + from && at < begin + to).length,
    budget,
    opened,
    servedAfter: Number.isFinite(earliest) ? earliest - end : undefined,
    recoveredAfter: Number.isFinite(last) ? last - end : undefined,
    lost: outcomes.filter((served) => !served).length,
  };
}
