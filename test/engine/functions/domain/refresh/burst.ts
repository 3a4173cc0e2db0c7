import { setImmediate } from 'node:timers/promises';
import type { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { dueIndex } from '../../../../../functions/adapters/dynamodb/due-index.ts';
import { workerStore } from '../../../../../functions/adapters/dynamodb/worker-store.ts';
import { unpack } from '../../../../../functions/domain/group/pages.ts';
import { type ListDeps, listVerifications } from '../../../../../functions/domain/read/list-verifications.ts';
import type { RefreshQueue } from '../../../../../functions/domain/refresh/queue.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import { requestRefresh } from '../../../../../functions/domain/refresh/request-refresh.ts';
import { sweep } from '../../../../../functions/domain/refresh/sweep.ts';
import type { WorkerStore } from '../../../../../functions/domain/store/ports.ts';
import { parseListRequest } from '../../../../../functions/verifications/list-query.ts';
import { seeded, seededUuid } from '../../../../../lib/sandbox/fixtures/seeded.ts';
import { type VirtualClock, virtualClock } from '../../../../bench/upstream/clock.ts';
import { memoryDelayQueue, memoryQueue, onQueueFault } from '../../../../bench/upstream/queue.ts';
import { fakeAnyCheck, verification } from '../../../../fakes/anycheck.ts';
import { UNHEARD_BUS } from '../../../../fakes/bus.ts';
import { UNLIMITED } from '../../../../fakes/quota.ts';

const START = 1_800_000_000_000;
const MINUTE = 60_000;
const DELIVERIES = 12;
/** ms after the last change until its state is to be served, at most. */
export const IN_TIME_MS = 5_000;
/** ms for which a burst is observed: longer than SQS remembers a message. */
const OBSERVED_MS = 7 * MINUTE;

export interface Burst {
  /** Whether the group was ever due at a time whose message was used up. */
  readonly wasStuck: boolean;
  /** ms from the last change until its state was served; undefined where it never was. */
  readonly late: number | undefined;
  readonly calls: number;
}

/**
 * One burst of deliveries in virtual time: 60 to 460 ms apart, each with a change behind it, beside readers, sweeps and
 * functions whose clocks differ. DynamoDB, SQS and AnyCheck take a random time for each request.
 */
export async function burst(client: DynamoDBDocumentClient, table: string, seed: string): Promise<Burst> {
  const draw = seeded(seed);
  const id = seededUuid(seed);
  let lastChange = 0;
  let servedAt: number | undefined;
  let underWay = 0;
  const clock = virtualClock(START, async () => {
    do await setImmediate();
    while (underWay > 0);
    await setImmediate();
  });
  const slow = new Proxy(client, {
    get: (target, name) =>
      name === 'send'
        ? async (command: PutCommand) => {
            await clock.sleep(draw.integer(1, 12));
            underWay++;
            const answer = await target.send(command).finally(() => underWay--);
            await clock.sleep(draw.integer(1, 12));
            return answer;
          }
        : Reflect.get(target, name),
  });
  /** What one function's environment has: a clock that differs from the others' by some ms. */
  const environment = () => {
    const skew = draw.integer(-8, 8);
    const now = () => clock.now() + skew;
    const stored = workerStore({ client: slow, table, retentionDays: 10, now });
    const store: WorkerStore = {
      ...stored,
      async advance(resultId, snapshot, before) {
        const isMade = await stored.advance(resultId, snapshot, before);
        const isLast = snapshot.inline && unpack(snapshot.inline).join().includes(`"n":${DELIVERIES}}`);
        if (isMade && isLast) servedAt ??= clock.now();
        return isMade;
      },
    };
    return { now, store };
  };

  const anycheck = fakeAnyCheck();
  anycheck.before = () => clock.sleep(draw.integer(20, 500));
  const status = draw.integer(0, 1) === 0 ? 'IN_PROGRESS' : 'COMPLETED';
  const hold = (n: number) =>
    anycheck.groups.set(id, { overall: status, items: [verification('a', status, `,"n":${n}`)] });
  hold(0);

  const { signal } = new AbortController();
  let wasStuck = false;
  const check = async () => {
    const { schedule } = await worker.store.read(id);
    wasStuck ||= usedUp.has(schedule?.due ?? 0);
  };
  const worker = environment();
  const usedUp = new Set<number>();
  const fifo: RefreshQueue = memoryQueue({
    clock,
    workers: 5,
    async work(message) {
      await refreshDue({ ...shared, ...UNHEARD_BUS, ...worker }, { ...message, deliveries: 1 }, signal);
      usedUp.add(message.due);
      await check();
    },
  });
  const queue: RefreshQueue = {
    async enqueue(groups) {
      await clock.sleep(draw.integer(2, 15));
      await fifo.enqueue(groups);
      await clock.sleep(draw.integer(2, 15));
    },
  };
  const shared = {
    anycheck,
    queue,
    delayed: memoryDelayQueue(clock, queue),
    onQueueFault,
    random: () => draw.integer(0, 999) / 1000,
    sleep: clock.sleep,
  };
  const reads = (cacheControl: string) => {
    const listing: ListDeps = {
      ...shared,
      ...environment(),
      unknownReads: UNLIMITED,
      newGroups: UNLIMITED,
      history: { changeAt: async () => undefined },
      freshSeconds: { active: 5, waiting: 60, settled: 900 },
      onRead: () => {},
      onRefresh: () => {},
    };
    return listVerifications(listing, parseListRequest(`result_id=${id}`, cacheControl), () => signal);
  };

  every(clock, START + draw.integer(0, MINUTE), MINUTE, () =>
    sweep({ index: dueIndex(slow, table), queue, now: clock.now }, 100),
  );
  clock.at(START, () => reads(''));
  every(clock, START + draw.integer(1_000, 3_000), 3_000, () => reads(''));
  let at = START + draw.integer(3_000, 20_000);
  for (let n = 1; n <= DELIVERIES; n++) {
    at += draw.integer(60, 460);
    lastChange = at;
    clock.at(at, () => hold(n));
    clock.at(at + draw.integer(0, 10), () => requestRefresh({ ...environment(), queue }, id).then(check));
    if (draw.integer(0, 11) === 0) clock.at(at + draw.integer(0, 200), () => reads('no-cache'));
  }
  await clock.run(lastChange + IN_TIME_MS);
  if (servedAt === undefined) await clock.run(lastChange + OBSERVED_MS);
  return { wasStuck, late: servedAt === undefined ? undefined : servedAt - lastChange, calls: anycheck.calls };
}

/** Runs something again and again. @param ms from one run to the next. */
function every(clock: VirtualClock, first: number, ms: number, run: () => unknown) {
  clock.at(first, () => {
    every(clock, first + ms, ms, run);
    return run();
  });
}
