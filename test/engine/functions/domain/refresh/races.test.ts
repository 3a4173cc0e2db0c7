import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HISTORY, introducedIn, PAGES, pageSks } from '../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { erase } from '../../../../../functions/domain/erasure/erase.ts';
import { GroupEvent } from '../../../../../functions/domain/events/event.ts';
import type { EventBus } from '../../../../../functions/domain/events/event-bus.ts';
import { isBehind } from '../../../../../functions/domain/events/is-behind.ts';
import { unpack } from '../../../../../functions/domain/group/pages.ts';
import type { Snapshot } from '../../../../../functions/domain/group/snapshot.ts';
import { trackGroups } from '../../../../../functions/domain/groups/track-groups.ts';
import { type ListDeps, listVerifications } from '../../../../../functions/domain/read/list-verifications.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import { requestRefresh } from '../../../../../functions/domain/refresh/request-refresh.ts';
import type { WorkerStore } from '../../../../../functions/domain/store/ports.ts';
import { trackedIn } from '../../../../../functions/domain/store/retained-version.ts';
import { apiErrorOf } from '../../../../../functions/runtime/rest/api-error.ts';
import { parseListRequest } from '../../../../../functions/verifications/list-query.ts';
import { type Engine, enginesOf, rowsOf } from '../../../../fakes/engine.ts';
import { UNLIMITED } from '../../../../fakes/quota.ts';
import { dyingStore, type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
/** ms that every call to the store or to AnyCheck takes, and that a reader waits. */
const STEP = 50;
const READ_DEADLINE_MS = 9_000;
/** ms: longer than any lease. */
const AFTER_ALL = 60_000;

/** What packs too badly to stand inline, so that snapshots have pages. */
const FILLER = Array.from({ length: 130 }, () => randomBytes(200).toString('hex'));

/** The group's n-th state at AnyCheck: some items of each page tell it, so that a torn list shows. States come back. */
const STATES = [0, 1, 2].map((n) =>
  FILLER.map(
    (filler, i) =>
      `{"id":"i${i}","status":"IN_PROGRESS","n":${i % 26 === 0 ? n : 0},"scan_file_url":"https://f.example/${i}","filler":"${filler}"}`,
  ),
);
/** AnyCheck signs links anew at each call. What a reader sees is compared without signatures. */
const signed = (items: readonly string[], signature: number) =>
  items.map((text) => text.replace(/f\.example\/\d+/, `$&?s=${signature}`));
const unsigned = (items: readonly string[]) => items.map((text) => text.replace(/\?s=\d+/, ''));
const state = (n: number): string[] => STATES[n % STATES.length] ?? [];

/** The write at which an actor dies; most actors don't die. */
const Death = fc.option(fc.record({ nth: fc.integer({ min: 1, max: 30 }), when: fc.constantFrom('before', 'after') }), {
  freq: 1,
  nil: undefined,
});
/** Steps that a change waits, so that it comes in the middle of a fetch. */
const ChangeStep = fc.record({ kind: fc.constant('change'), after: fc.nat(100), dies: fc.constant(undefined) });
const RefreshRequest = fc.record({
  kind: fc.constant('refresh request'),
  after: fc.nat(100),
  dies: fc.constant(undefined),
});
const Tracker = fc.record({ kind: fc.constant('tracker'), after: fc.nat(100), dies: fc.constant(undefined) });
const acting = (...kinds: string[]) => fc.record({ kind: fc.constantFrom(...kinds), after: fc.nat(15), dies: Death });
const Worker = acting('worker', 'worker', 'worker', 'worker of a message that killed another');

/** One worker or two, where the queue would let in one: what holds then holds for a worker that was taken for dead, too. */
const Actors = fc
  .tuple(
    fc.oneof({ weight: 2, arbitrary: fc.tuple(Worker) }, { weight: 1, arbitrary: fc.tuple(Worker, Worker) }),
    fc.array(acting('reader', 'no-cache reader'), { maxLength: 3 }),
    fc.array(ChangeStep, { minLength: 2, maxLength: 5 }),
    fc.array(RefreshRequest, { maxLength: 3 }),
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(acting('eraser'), Tracker) }),
  )
  .map((actors) => actors.flat());

/** What the event bus does, one answer after another; then it accepts everything. */
const BusAnswers = fc.array(fc.constantFrom('accepts', 'fails', 'refuses an entry', 'loses the answer'), {
  maxLength: 12,
});

describe.each(enginesOf(inject('size')))(
  'workers, readers, refresh requests and erasures that race and die on $name',
  ({ available, start }) => {
    if (!available) {
      it.skip('needs Java', () => {});
      return;
    }

    let engine: Engine;
    beforeAll(async () => {
      engine = await start();
    });
    afterAll(() => engine.stop());

    it('show every reader one whole state, in order, and leave nothing behind', { timeout: 3_600_000 }, async () => {
      const property = fc.asyncProperty(Actors, BusAnswers, fc.scheduler(), async (actors, busAnswers, scheduler) => {
        const service = await startService(engine);
        let n = 1;
        let signature = 0;
        const hold = () =>
          void service.anycheck.groups.set(ID, { overall: 'IN_PROGRESS', items: signed(state(n), ++signature) });
        hold();
        await service.track(ID);
        await service.refresh(ID);
        service.clock.now += AFTER_ALL;

        const isErasing = actors.some(({ kind }) => kind === 'eraser');
        let requestedAt = 0;
        const usedUp = new Set<number>();
        const seen: { readonly snapshot: Snapshot; readonly items: readonly string[] }[] = [];
        const advances: Snapshot[] = [];
        const intents: number[] = [];
        const recorded: WorkerStore = {
          ...service.bare,
          async advance(resultId, snapshot, before) {
            const isMade = await service.bare.advance(resultId, snapshot, before);
            if (isMade) advances.push(snapshot);
            return isMade;
          },
          async recordPublishIntent(resultId, at, revision) {
            const isMade = await service.bare.recordPublishIntent(resultId, at, revision);
            if (isMade) intents.push(revision);
            return isMade;
          },
        };
        const ends: { at: number; controller: AbortController }[] = [];
        const advanceClock = () => {
          service.clock.now += STEP;
          for (const { at, controller } of ends) if (service.clock.now >= at) controller.abort();
        };
        const step = scheduler.scheduleFunction(async () => advanceClock());
        // A call is made at once, and its caller hears of it when the scheduler says so; a failure waits as well as an answer.
        const stepping = (store: WorkerStore): WorkerStore =>
          new Proxy(store, {
            get: (target, name) => {
              const method = Reflect.get(target, name);
              if (typeof method !== 'function') return method;
              return scheduler.scheduleFunction((...args: unknown[]) => {
                advanceClock();
                const call: Promise<unknown> = Promise.resolve(Reflect.apply(method, target, args));
                call.catch(() => {});
                return call;
              });
            },
          });
        service.anycheck.before = async () => {
          await step();
          hold();
        };
        const answers = busAnswers.values();
        const bus: EventBus = {
          async send(events) {
            await step();
            const answer = answers.next().value ?? 'accepts';
            if (answer === 'fails') throw new Error('the bus is down');
            const refused = answer === 'refuses an entry' ? events.length - 1 : -1;
            service.sent.push(...events.filter((_, i) => i !== refused));
            await step();
            if (answer === 'loses the answer') throw new Error('the answer is lost');
            return events.map((_, i) => i !== refused);
          },
        };
        const acts = actors.map(async ({ kind, after, dies }) => {
          const dying = dies ? dyingStore(recorded, dies.nth, dies.when) : { store: recorded };
          const deps = { ...service.deps, bus, store: stepping(dying.store) };
          const signal = new AbortController().signal;
          for (let steps = 0; steps <= after; steps++) await step();
          if (kind === 'change') {
            n++;
            hold();
          } else if (kind === 'refresh request') {
            const at = service.clock.now;
            await requestRefresh({ store: deps.store, queue: { enqueue: async () => {} }, now: () => at }, ID);
            requestedAt = Math.max(requestedAt, at);
          } else if (kind === 'eraser') {
            const ledger = { record: async () => {} };
            await erase({ store: deps.store, ledger, queue: { enqueue: async () => {} }, now: deps.now }, ID);
          } else if (kind === 'tracker') {
            const queue = { enqueue: async () => {} };
            await trackGroups({ store: deps.store, queue, newGroups: UNLIMITED, now: deps.now }, [ID]);
          } else if (kind.startsWith('worker')) {
            const deliveries = kind === 'worker' ? 1 : 2;
            for (let attempts = 0; attempts < 8; attempts++) {
              const { now } = service.clock;
              const { schedule } = await deps.store.read(ID);
              const due = schedule?.due ?? 0;
              const isExpedited = due > now && (await deps.store.expedite(ID, now));
              if (due > now && !isExpedited) continue;
              const message = { resultId: ID, due: isExpedited ? now : due, deliveries };
              await refreshDue(deps, message, signal);
              usedUp.add(message.due);
            }
          } else {
            const listing: ListDeps = {
              ...deps,
              queue: { enqueue: async () => {} },
              freshSeconds: { active: 5, waiting: 60, settled: 900 },
              sleep: () => step(),
              onRead: () => {},
              onRefresh: () => {},
              onQueueFault: () => {},
            };
            const request = parseListRequest(`result_id=${ID}&page_size=100`, kind === 'reader' ? '' : 'no-cache');
            const controller = new AbortController();
            ends.push({ at: service.clock.now + READ_DEADLINE_MS, controller });
            // Erased meanwhile; or followed anew, and not fetched in time.
            const orGone = (error: unknown) => {
              if (isErasing && [404, 503].includes(apiErrorOf(error)?.status ?? 500)) return undefined;
              throw error;
            };
            const first = await listVerifications(listing, request, () => controller.signal).catch(orGone);
            if (!first) return;
            const pinned = { ...request, offset: 100, version: first.snapshot.version, maxAge: undefined };
            const rest = await listVerifications(listing, pinned, () => controller.signal).catch(orGone);
            if (rest) seen.push({ snapshot: first.snapshot, items: unsigned([...first.items(), ...rest.items()]) });
          }
        });
        const isDeath = (error: unknown) => error instanceof Error && /^(killed|dead)$/.test(error.message);
        const all = Promise.allSettled(acts);
        await scheduler.waitFor(all);
        for (const act of await all) {
          if (act.status === 'rejected' && !isDeath(act.reason)) throw act.reason;
        }

        service.anycheck.before = () => {};
        const between = await service.bare.read(ID);
        expect(between.schedule?.due).toBeDefined();
        // The queue drops a second message for a due time, so no group is left due at one whose message was used up.
        expect([...usedUp]).not.toContain(between.schedule?.due);
        // A refresh that began after the request answers it, or the group is due, or that refresh killed its worker.
        const tracked = trackedIn(between);
        if (tracked && (tracked.confirmedAt ?? 0) < requestedAt && tracked.quarantinedDue === undefined) {
          expect(between.schedule?.refreshDue ?? between.schedule?.due).toBeLessThanOrEqual(
            Math.max(service.clock.now, between.schedule?.leaseUntil ?? 0),
          );
        }
        service.clock.now += AFTER_ALL;
        const now = () => service.clock.now;
        await trackGroups({ store: service.bare, queue: { enqueue: async () => {} }, newGroups: UNLIMITED, now }, [ID]);
        service.store = recorded;
        let last = await service.refresh(ID);
        while (last.kind === 'announced') last = await service.refresh(ID);
        expect(last).toMatchObject({ kind: expect.stringMatching(/published|unchanged/) });

        // No two runs wrote under the same revision.
        expect(intents).toEqual([...new Set(intents)]);
        // Every advance was one step up, or renewed links of the same version, from a fetch that began after the one before was published.
        for (const [i, { version, revision, fetchedAt }] of advances.entries()) {
          const before = advances[i - 1];
          expect([0, 1]).toContain(version - (before?.version ?? 1));
          expect(revision).toBeGreaterThan(before?.revision ?? 1);
          expect(fetchedAt).toBeGreaterThanOrEqual(before?.publishedAt ?? 0);
        }
        // Every version is one state of AnyCheck, whole and unlike the one before, and readers saw exactly that.
        const { erasedVersion = 0 } = (await service.bare.read(ID)).schedule ?? {};
        const versions = await statesByVersion(service, erasedVersion + 1);
        expect(versions.at(-1)).toEqual(state(n));
        for (const [i, items] of versions.entries()) {
          expect(STATES).toContainEqual(items);
          expect(items).not.toEqual(versions[i - 1]);
        }
        for (const { snapshot, items } of seen) {
          if (snapshot.version > erasedVersion) expect(items).toEqual(versions[snapshot.version - erasedVersion - 1]);
          else expect(STATES).toContainEqual(items);
        }
        await expectClean(engine, service);
        await expectTidy(engine, service);
        await expectAnnounced(service, advances);
      });
      await fc.assert(property, { numRuns: inject('size').raceRuns, seed: inject('seed') });
    });
  },
);

/** The items of every version from `first` to the current one, as they are kept. */
async function statesByVersion(service: Service, first: number): Promise<string[][]> {
  const { snapshot } = await service.bare.read(ID);
  const versions: string[][] = [];
  for (let version = first; version <= (snapshot?.version ?? 0); version++) {
    const kept = version === snapshot?.version ? snapshot : await service.bare.archived(ID, version);
    if (!kept) throw new Error(`version ${version} is missing`);
    const packed = kept.inline ? [kept.inline] : await service.bare.pages(ID, kept.pages);
    versions.push(unsigned(packed.flatMap(unpack)));
  }
  return versions;
}

/** No note, and every page named by the current row or on its way out. */
async function expectTidy(engine: Engine, service: Service): Promise<void> {
  const { schedule, snapshot } = await service.bare.read(ID);
  expect(schedule).toMatchObject({ publishIntent: undefined, failures: 0 });
  expect(schedule?.due).toBeGreaterThan(service.clock.now);
  const named = new Set(snapshot?.pages.flatMap(pageSks));
  for (const row of await rowsOf(engine.client, service.table)) {
    if (String(row.sk).startsWith('page#')) expect(named.has(String(row.sk))).toBe(row.expires === undefined);
  }
}

/**
 * A consumer that remembers heard of every version that is not erased, and of the last erasure, each under one id and in
 * the same bytes; and of nothing that never was.
 */
async function expectAnnounced(service: Service, advances: readonly Snapshot[]): Promise<void> {
  const group = await service.bare.read(ID);
  expect(isBehind(group)).toBe(false);
  const { erasedVersion = 0, erasedAt } = group.schedule ?? {};
  const bodies = new Map<string, string>();
  for (const { id, body } of service.sent) {
    expect(bodies.get(id) ?? body).toBe(body);
    bodies.set(id, body);
  }
  const heard = [...bodies.values()].map((body) => {
    const { type, timestamp, data } = GroupEvent.parse(JSON.parse(body));
    return `${type} ${data.version} ${Date.parse(timestamp)}`;
  });
  expect(heard).toEqual([...new Set(heard)]);
  const eventOf = ({ version, publishedAt, began }: Snapshot) =>
    `group.${publishedAt === began ? 'created' : 'updated'} ${version} ${publishedAt}`;
  const published = new Map(advances.map((snapshot) => [snapshot.version, eventOf(snapshot)]));
  for (const [version, event] of published) if (version > erasedVersion) expect(heard).toContain(event);
  if (erasedAt !== undefined) expect(heard).toContain(`group.erased ${erasedVersion} ${erasedAt}`);
  const known = new Set(published.values());
  const versions = heard.filter((event) => /created|updated/.test(event));
  // The first version was published before the race.
  expect(versions.filter((event) => !known.has(event) && !event.startsWith('group.created 1 '))).toEqual([]);
}

/** Erased content is gone once every run that had read it before has ended. */
async function expectClean(engine: Engine, service: Service): Promise<void> {
  for (let attempts = 0; attempts < 3; attempts++) {
    const { schedule } = await service.bare.read(ID);
    if (schedule?.cleanUntil === undefined) break;
    service.clock.now = Math.max(service.clock.now, schedule.cleanUntil);
    await service.refresh(ID);
  }
  const { schedule } = await service.bare.read(ID);
  expect(schedule?.cleanUntil).toBeUndefined();
  const { erasedVersion = 0, erasedRevision = 0 } = schedule ?? {};
  for (const { sk, version } of await rowsOf(engine.client, service.table)) {
    if (String(sk).startsWith(PAGES)) expect(introducedIn(String(sk))).toBeGreaterThan(erasedRevision);
    if (String(sk).startsWith(HISTORY)) expect(version).toBeGreaterThan(erasedVersion);
  }
}
