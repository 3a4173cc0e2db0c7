import { changeHistory } from '../../functions/adapters/dynamodb/change-rows.ts';
import { workerStore } from '../../functions/adapters/dynamodb/worker-store.ts';
import type { Announcement } from '../../functions/domain/events/announce.ts';
import type { EventBus, StoredEvent } from '../../functions/domain/events/event-bus.ts';
import { unpack } from '../../functions/domain/group/pages.ts';
import { listVerifications } from '../../functions/domain/read/list-verifications.ts';
import type { ListedPage } from '../../functions/domain/read/listed-page.ts';
import type { Quota } from '../../functions/domain/read/quota.ts';
import type { Due, RefreshQueue } from '../../functions/domain/refresh/queue.ts';
import { refreshDue } from '../../functions/domain/refresh/refresh-due.ts';
import type { History, WorkerStore } from '../../functions/domain/store/ports.ts';
import { parseListRequest } from '../../functions/verifications/list-query.ts';
import { answered } from './answered.ts';
import { type FakeAnyCheck, fakeAnyCheck } from './anycheck.ts';
import type { Engine } from './engine.ts';
import { UNLIMITED } from './quota.ts';

const RETENTION_DAYS = 10;

/** What a reader is served, unpacked. */
type Read = Omit<ListedPage, 'items'> & { readonly items: readonly string[] };
export const unpacked = (listed: ListedPage): Read => ({ ...listed, items: listed.items() });

/** The use cases over a real engine and a clock that stands still until it is moved. */
export interface Service {
  readonly anycheck: FakeAnyCheck;
  store: WorkerStore;
  /** The store without whatever a test put in front of it. */
  readonly bare: WorkerStore;
  readonly table: string;
  readonly queued: Due[];
  /** The bodies that were sent to the event bus. */
  readonly sent: StoredEvent[];
  /** Replaces the event bus, which accepts everything. */
  bus: EventBus;
  /** What was queued for later. */
  readonly delayed: Due[];
  readonly clock: { now: number };
  readonly deps: {
    readonly anycheck: FakeAnyCheck;
    readonly unknownReads: Quota;
    readonly newGroups: Quota;
    readonly store: WorkerStore;
    readonly bus: EventBus;
    readonly onAnnouncement: (resultId: string, announcement: Announcement) => void;
    readonly history: History;
    readonly now: () => number;
    readonly random: () => number;
    readonly sleep: (ms: number) => Promise<void>;
    readonly queue: RefreshQueue;
    readonly delayed: RefreshQueue;
    readonly onQueueFault: (resultId: string, error: unknown) => void;
  };
  /** Makes a group known and due, as a first reader does. */
  track(resultId: string): Promise<void>;
  /** One look at a group at its due time, the clock moved there. */
  refresh(resultId: string, deliveries?: number): ReturnType<typeof refreshDue>;
  /** A reader's answer: the first 100 of a group. @param query more of it, such as `&as_of=…`. */
  read(resultId: string, query?: string, cacheControl?: string, queue?: RefreshQueue): Promise<Read>;
  /** The texts of what is served of a group now. */
  served(resultId: string): Promise<string[] | undefined>;
}

export async function startService(engine: Engine): Promise<Service> {
  const table = await engine.table();
  const clock = { now: 1_800_000_000_000 };
  const now = () => clock.now;
  const anycheck = fakeAnyCheck();
  const bare = workerStore({ client: engine.client, table, retentionDays: RETENTION_DAYS, now });
  const history = changeHistory(engine.client, table);
  const service: Service = {
    anycheck,
    bare,
    store: bare,
    table,
    queued: [],
    sent: [],
    bus: {
      async send(events) {
        service.sent.push(...events);
        return events.map(() => true);
      },
    },
    delayed: [],
    clock,
    get deps() {
      const sleep = async (ms: number) => {
        clock.now += ms;
      };
      const { store, bus } = service;
      const quotas = { unknownReads: UNLIMITED, newGroups: UNLIMITED };
      const queue = { enqueue: async (groups: readonly Due[]) => void service.queued.push(...groups) };
      const delayed = { enqueue: async (groups: readonly Due[]) => void service.delayed.push(...groups) };
      const onQueueFault = (_: string, error: unknown) => {
        throw error;
      };
      const queues = { queue, delayed, onQueueFault };
      return {
        anycheck,
        ...quotas,
        ...queues,
        bus,
        onAnnouncement: () => {},
        store,
        history,
        now,
        random: () => 0.5,
        sleep,
      };
    },
    async track(resultId) {
      await bare.claim(resultId, undefined, clock.now, clock.now + 1000);
    },
    async refresh(resultId, deliveries = 1) {
      const { schedule } = await bare.read(resultId);
      if (schedule?.due === undefined) throw new Error('the group is not due');
      clock.now = Math.max(clock.now, schedule.due);
      return refreshDue(service.deps, { resultId, due: schedule.due, deliveries }, new AbortController().signal);
    },
    async read(resultId, query = '', cacheControl = '', queue = { enqueue: async () => {} }) {
      const listing = {
        ...service.deps,
        queue,
        freshSeconds: { active: 5, waiting: 60, settled: 900 },
        onRead: () => {},
        onRefresh: () => {},
        onQueueFault: () => {},
      };
      const request = parseListRequest(`result_id=${resultId}&page_size=100${query}`, cacheControl);
      return unpacked(await answered(listVerifications(listing, request, () => new AbortController().signal)));
    },
    async served(resultId) {
      const { snapshot } = await bare.read(resultId);
      if (!snapshot) return undefined;
      return (snapshot.inline ? [snapshot.inline] : await bare.pages(resultId, snapshot.pages)).flatMap(unpack);
    },
  };
  return service;
}

/** A store whose n-th call to a method that writes dies, before or after the write was made. */
export function dyingStore<S extends object>(
  store: S,
  nth: number,
  when: 'before' | 'after',
): { store: S; died: () => string | undefined } {
  let writes = 0;
  let died: string | undefined;
  const reads = new Set(['read', 'archived', 'pages', 'change', 'changesAfter']);
  const wrapped = new Proxy(store, {
    get(target, name, receiver) {
      const method = Reflect.get(target, name, receiver);
      if (typeof method !== 'function' || reads.has(String(name))) return method;
      return async (...args: unknown[]) => {
        if (died) throw new Error('dead');
        const isLast = ++writes === nth;
        if (isLast) died = `${when} ${String(name)}`;
        if (isLast && when === 'before') throw new Error('killed');
        const result = await Reflect.apply(method, target, args);
        if (isLast) throw new Error('killed');
        return result;
      };
    },
  });
  return { store: wrapped, died: () => died };
}
