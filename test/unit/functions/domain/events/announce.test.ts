import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announce } from '../../../../../functions/domain/events/announce.ts';
import type { GroupEvent } from '../../../../../functions/domain/events/event.ts';
import type { EventBus, StoredEvent } from '../../../../../functions/domain/events/event-bus.ts';
import { pack } from '../../../../../functions/domain/group/pages.ts';
import type { StoredGroup, Tracked } from '../../../../../functions/domain/group/schedule.ts';
import type { Archived, Snapshot } from '../../../../../functions/domain/group/snapshot.ts';
import type {
  Announced,
  Announcements,
  Changes,
  Recorded,
  Snapshots,
} from '../../../../../functions/domain/store/ports.ts';
import { recordedAs } from '../../../../fakes/recorded.ts';
import { scheduleAt } from '../../../../fakes/schedule.ts';

const GROUP = '11111111-1111-4111-8111-111111111111';
const AT = 1_800_000_000_000;
/** When a version was published. */
const at = (version: number) => AT + version * 1_000;
const NEVER = new AbortController().signal;

/** A version whose phase is that of the version before, so that it has one event; or `settled`, with two. */
const versionOf = (version: number, more: Partial<Recorded> = {}): Recorded =>
  recordedAs({
    version,
    publishedAt: at(version),
    phase: 'active',
    previousPhase: version === 1 ? undefined : 'active',
    ...more,
  });
const settledAt = (version: number) => versionOf(version, { phase: 'settled' });
const versions = (count: number) => Array.from({ length: count }, (_, i) => versionOf(i + 1));

/** What the bus answers to its n-th call, from 0 on: which events it accepts, or an Error that it throws. */
type Answer = (events: readonly StoredEvent[], call: number) => readonly boolean[] | Error;
const accepts: Answer = (events) => events.map(() => true);
const refuses =
  (id: (event: StoredEvent) => boolean): Answer =>
  (events) =>
    events.map((event) => !id(event));

interface Service {
  /** What was done, in order: what the store read and stored, and what the bus received. */
  readonly steps: string[];
  /** The events of each call of the bus. */
  readonly calls: (readonly StoredEvent[])[];
  readonly bodies: Map<string, string>;
  answer: Answer;
  recorded: Recorded[];
  /** The group, with marks that move as a worker moves them. */
  schedule: Tracked;
  snapshot: Snapshot | undefined;
  readonly archive: Map<number, Archived>;
  /** Announces the group once, and moves the marks. */
  run(signal?: AbortSignal): ReturnType<typeof announce>;
  /** The types and versions that the bus received, in order. */
  received(): string[];
}

function serviceWith(recorded: readonly Recorded[], marks: Partial<Tracked> = {}): Service {
  const steps: string[] = [];
  const calls: (readonly StoredEvent[])[] = [];
  const bodies = new Map<string, string>();
  const service: Service = {
    steps,
    calls,
    bodies,
    answer: accepts,
    recorded: [...recorded],
    schedule: { ...scheduleAt(AT, AT), announcedUntil: 0, ...marks },
    snapshot: undefined,
    archive: new Map(),
    async run(signal = NEVER) {
      const ended = await announce({ store, bus, now: () => at(100) }, GROUP, group(), signal);
      service.schedule = { ...service.schedule, ...marksAfter(service.schedule, ended.done) };
      return ended;
    },
    received: () => calls.flat().map(({ type, body }) => `${type} ${JSON.parse(body).data.version}`),
  };
  const group = (): StoredGroup => ({
    schedule: service.schedule,
    revision: 1,
    version: service.snapshot?.version ?? service.recorded.at(-1)?.version ?? 0,
    publishedAt: service.snapshot?.publishedAt ?? service.recorded.at(-1)?.publishedAt ?? 0,
    snapshot: service.snapshot,
  });
  const bus: EventBus = {
    async send(events) {
      steps.push(`send ${events.length}`);
      calls.push(events);
      const answer = service.answer(events, calls.length - 1);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const store: Snapshots & Changes & Announcements = {
    read: async () => group(),
    archived: async (_, version) => service.archive.get(version),
    pages: async () => [],
    change: async (_, publishedAt) => service.recorded.find((one) => one.publishedAt === publishedAt),
    putChange: async (_, { version, publishedAt, totalText, overallStatusText, phase }, change) => {
      const own = { version, publishedAt, totalText, overallStatusText, phase };
      service.recorded.push({ ...recordedAs(), ...change, ...own });
    },
    closeChange: async () => {},
    changesAfter: async (_, after, limit) => {
      const found = service.recorded.filter((one) => one.publishedAt > after).slice(0, limit);
      steps.push(`read ${found.length}`);
      return found;
    },
    storeEvents: async (_, events) => {
      steps.push(`store ${events.length}`);
      return events.map((event) => storedBody(bodies, event));
    },
    announced: async () => true,
  };
  return service;
}

function storedBody(bodies: Map<string, string>, event: GroupEvent): string {
  const body = bodies.get(event.id) ?? JSON.stringify(event);
  bodies.set(event.id, body);
  return body;
}

const marksAfter = (schedule: Tracked, done: Announced): Partial<Tracked> => ({
  ...(done.versions && { announcedUntil: done.versions.until }),
  isErasureUnannounced: schedule.isErasureUnannounced && done.erasedAt === undefined,
  unannouncedRedaction: done.redaction === undefined ? schedule.unannouncedRedaction : undefined,
});

const unused = async (): Promise<never> => {
  throw new Error('is not used');
};
const noStore: Snapshots & Changes & Announcements = {
  read: unused,
  archived: unused,
  pages: unused,
  change: unused,
  putChange: unused,
  closeChange: unused,
  changesAfter: unused,
  storeEvents: unused,
  announced: unused,
};
const noBus: EventBus = { send: unused };

describe('announcing a group', () => {
  it('sends the erasure first, then each version from the oldest on, then the redaction', async () => {
    const service = serviceWith([versionOf(4, { previousPhase: undefined }), versionOf(5), settledAt(6)], {
      announcedUntil: at(3),
      isErasureUnannounced: true,
      erasedAt: at(3) + 1,
      erasedVersion: 3,
      redactedAt: at(6) + 1,
      unannouncedRedaction: 6,
    });
    const ended = await service.run();
    expect(service.received()).toEqual([
      'group.erased 3',
      'group.created 4',
      'group.updated 5',
      'group.updated 6',
      'group.settled 6',
      'group.redacted 6',
    ]);
    expect(ended).toMatchObject({ events: 6, isComplete: true, error: undefined });
    expect(ended.done).toEqual({
      erasedAt: at(3) + 1,
      versions: { from: at(3), until: at(6) },
      redaction: 6,
    });
  });

  it('stores each event before it sends it', async () => {
    const service = serviceWith(versions(12));
    await service.run();
    expect(service.steps).toEqual(['read 12', 'store 12', 'send 10', 'send 2']);
    expect(service.calls.flat().map(({ id }) => service.bodies.has(id))).toEqual(Array(12).fill(true));
  });

  it('reads 25 versions at once, and sends 10 events at once', async () => {
    const service = serviceWith([...versions(59), settledAt(60)]);
    expect(await service.run()).toMatchObject({ events: 61, isComplete: true });
    expect(service.calls.map(({ length }) => length)).toEqual([10, 10, 5, 10, 10, 5, 10, 1]);
    expect(service.received().slice(0, -1)).toEqual([
      'group.created 1',
      ...Array.from({ length: 59 }, (_, i) => `group.updated ${i + 2}`),
    ]);
  });

  it('sends the body, type and time of each event', async () => {
    const service = serviceWith([versionOf(1)]);
    await service.run();
    const [event] = service.calls.flat();
    expect(JSON.parse(event?.body ?? '')).toMatchObject({
      id: event?.id,
      type: event?.type,
      timestamp: event?.timestamp,
    });
    expect(event?.timestamp).toBe(new Date(at(1)).toISOString());
  });

  it('sends nothing of what is announced, nor of a record from before versions were announced', async () => {
    for (const announcedUntil of [at(3), undefined]) {
      const service = serviceWith(versions(3), { announcedUntil });
      expect(await service.run()).toEqual({ done: {}, events: 0, delays: [], isComplete: true, error: undefined });
      expect(service.calls).toEqual([]);
    }
  });

  it('sends nothing for a group without a schedule record', async () => {
    const group = { schedule: undefined, revision: 1, version: 1, publishedAt: at(1), snapshot: undefined };
    const ended = await announce({ store: noStore, bus: noBus, now: () => at(2) }, GROUP, group, NEVER);
    expect(ended).toMatchObject({ events: 0, isComplete: true, error: undefined });
  });

  it('measures the ms from each publish to its announcement', async () => {
    const service = serviceWith(versions(2));
    expect((await service.run()).delays).toEqual([at(100) - at(1), at(100) - at(2)]);
  });
});

describe('a bus that refuses an event', () => {
  it('ends the announcement at the first refused version, and the next one begins there', async () => {
    const service = serviceWith(versions(12));
    service.answer = refuses(({ body }) => JSON.parse(body).data.version === 4);
    const first = await service.run();
    expect(first).toMatchObject({ events: 3, isComplete: false, error: undefined });
    expect(first.done).toEqual({ versions: { from: 0, until: at(3) } });
    expect(first.delays).toEqual([1, 2, 3, 4].map((version) => at(100) - at(version)));
    expect(service.calls.map(({ length }) => length)).toEqual([10]);

    service.answer = accepts;
    expect(await service.run()).toMatchObject({ events: 9, isComplete: true });
    expect(service.received().slice(10)).toEqual(Array.from({ length: 9 }, (_, i) => `group.updated ${i + 4}`));
  });

  it('ends it before a version of which it accepted one event of two', async () => {
    const service = serviceWith([versionOf(1), settledAt(2)]);
    service.answer = refuses(({ type }) => type === 'group.settled');
    const { done, events } = await service.run();
    expect([done, events]).toEqual([{ versions: { from: 0, until: at(1) } }, 1]);
    service.answer = accepts;
    await service.run();
    expect(service.received().slice(3)).toEqual(['group.updated 2', 'group.settled 2']);
  });

  it('receives no version before an erasure that it refused, and no redaction before such a version', async () => {
    const marks = { isErasureUnannounced: true, erasedAt: AT, unannouncedRedaction: 1, redactedAt: at(2) };
    const service = serviceWith(versions(1), marks);
    service.answer = refuses(({ type }) => type === 'group.erased');
    expect((await service.run()).done).toEqual({});
    service.answer = refuses(({ type }) => type === 'group.created');
    expect((await service.run()).done).toEqual({ erasedAt: AT });
    service.answer = refuses(({ type }) => type === 'group.redacted');
    expect((await service.run()).done).toEqual({ versions: { from: 0, until: at(1) } });
    service.answer = accepts;
    expect((await service.run()).done).toEqual({ redaction: 1 });
    expect(service.received().at(-1)).toBe('group.redacted 1');
  });
});

describe('a bus that throws', () => {
  it('ends the announcement with its error, and leaves what it accepted before', async () => {
    const down = new Error('down');
    const service = serviceWith(versions(12));
    service.answer = (events, call) => (call === 0 ? accepts(events, call) : down);
    const ended = await service.run();
    expect(ended).toMatchObject({ events: 10, isComplete: false, error: down });
    expect(ended.done).toEqual({ versions: { from: 0, until: at(10) } });
    expect(ended.delays.at(-1)).toBe(at(100) - at(11));
  });

  it('changes no mark where it accepted nothing', async () => {
    const service = serviceWith(versions(1), { isErasureUnannounced: true, erasedAt: AT });
    service.answer = () => new Error('down');
    expect(await service.run()).toMatchObject({ done: {}, events: 0, isComplete: false });
    expect(service.schedule).toMatchObject({ announcedUntil: 0, isErasureUnannounced: true });
  });

  it('receives the same events and bytes again, where only its answer was lost', async () => {
    const service = serviceWith([versionOf(1), settledAt(2)]);
    service.answer = (events, call) => (call === 0 ? new Error('lost') : accepts(events, call));
    await service.run();
    // Whatever a later build makes of the change records, the stored bodies are sent.
    service.recorded = service.recorded.map((one) => ({ ...one, changed: one.changed + 1 }));
    expect(await service.run()).toMatchObject({ events: 3, isComplete: true });
    const [first, second] = service.calls;
    expect(second).toEqual(first);
  });
});

describe('a store that throws', () => {
  it('ends the announcement with its error, and sends nothing', async () => {
    const schedule = { ...scheduleAt(AT, AT), announcedUntil: 0 };
    const group = { schedule, revision: 1, version: 1, publishedAt: at(1), snapshot: undefined };
    const ended = await announce({ store: noStore, bus: noBus, now: () => at(2) }, GROUP, group, NEVER);
    expect(ended).toMatchObject({ done: {}, isComplete: false, error: new Error('is not used'), delays: [1_000] });
  });
});

describe('an announcement that is aborted', () => {
  it('ends after the batch under way, and is not complete', async () => {
    const service = serviceWith(versions(60));
    const controller = new AbortController();
    service.answer = (events, call) => {
      controller.abort();
      return accepts(events, call);
    };
    const ended = await service.run(controller.signal);
    expect(ended).toMatchObject({ events: 25, isComplete: false, error: undefined });
    expect(ended.done).toEqual({ versions: { from: 0, until: at(25) } });
    expect(await service.run()).toMatchObject({ events: 35, isComplete: true });
  });
});

describe('a version whose change record is missing', () => {
  const item = (status: string) => JSON.stringify({ id: 'a', status });
  const snapshotOf = (version: number, status: string): Snapshot => ({
    version,
    revision: version,
    since: version,
    publishedAt: at(version),
    began: at(1),
    fetchedAt: at(version),
    revisedAt: at(version),
    totalText: '1',
    overallStatusText: JSON.stringify(status),
    phase: status === 'COMPLETED' ? 'settled' : 'active',
    hadItems: true,
    isRedacted: false,
    content: '',
    bytes: '',
    inline: pack([item(status)]),
    pages: [],
  });

  it('is announced from the stored versions, with the same id', async () => {
    const service = serviceWith([versionOf(1)]);
    service.snapshot = snapshotOf(2, 'COMPLETED');
    service.archive.set(1, { ...snapshotOf(1, 'IN_PROGRESS'), confirmedUntil: at(1) });
    expect(await service.run()).toMatchObject({ events: 3, isComplete: true });
    const bodies = service.calls.flat().map(({ body }) => JSON.parse(body));
    expect(bodies.slice(1).map(({ type, data }) => [type, data.version, data.previous_version])).toEqual([
      ['group.updated', 2, 1],
      ['group.settled', 2, 1],
    ]);
    expect(bodies[1].data).toMatchObject({
      status_counts: { COMPLETED: 1 },
      transitions: [{ verification_id: 'a', from: 'IN_PROGRESS', to: 'COMPLETED' }],
    });
  });
});

describe('any bus', () => {
  it('receives every event in the end, each with one body, whatever it refuses and whichever answers are lost', async () => {
    const faults = fc.array(fc.array(fc.constantFrom('accept', 'refuse', 'lose', 'fail'), { minLength: 1 }));
    const phases = fc.array(fc.constantFrom<Recorded['phase']>('active', 'settled'), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(phases, faults, async (all, plan) => {
        const recorded = all.map((phase, i) => versionOf(i + 1, { phase, previousPhase: all[i - 1] }));
        const service = serviceWith(recorded);
        const accepted: StoredEvent[] = [];
        service.answer = (events, call) => {
          const faulty = plan[call] ?? [];
          const answers = events.map((_, i) => faulty[i] ?? 'accept');
          accepted.push(...events.filter((_, i) => answers[i] === 'accept' || answers[i] === 'lose'));
          if (answers.includes('lose') || answers.includes('fail')) return new Error('no answer');
          return answers.map((one) => one === 'accept');
        };
        for (let i = 0; i <= plan.length && !(await service.run()).isComplete; i++);
        expect(service.schedule.announcedUntil).toBe(recorded.at(-1)?.publishedAt);

        const whole = serviceWith(recorded);
        await whole.run();
        const bodies = (events: readonly StoredEvent[]) => new Map(events.map(({ id, body }) => [id, body]));
        expect(bodies(accepted)).toEqual(bodies(whole.calls.flat()));
        expect(new Set(accepted.map(({ body }) => body)).size).toBe(bodies(accepted).size);
      }),
    );
  });
});
