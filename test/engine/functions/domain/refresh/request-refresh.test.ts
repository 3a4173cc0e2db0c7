import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Due } from '../../../../../functions/domain/refresh/queue.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import { requestRefresh } from '../../../../../functions/domain/refresh/request-refresh.ts';
import { verification } from '../../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

let engine: Engine;
let service: Service;

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  service = await startService(engine);
  await service.track(ID);
  hold('IN_PROGRESS');
  await service.refresh(ID);
});

const hold = (status: string) =>
  service.anycheck.groups.set(ID, { overall: status, items: [verification('a', status)] });
const give = () =>
  requestRefresh(
    {
      store: service.bare,
      queue: { enqueue: async (groups) => void service.queued.push(...groups) },
      now: () => service.clock.now,
    },
    ID,
  );
/** Delivers what is queued, in order, until nothing is left. */
async function drain(): Promise<string[]> {
  const kinds: string[] = [];
  for (let due = service.queued.shift(); due; due = service.queued.shift()) {
    service.clock.now += 10;
    kinds.push((await refreshDue(service.deps, { ...due, deliveries: 1 }, new AbortController().signal)).kind);
  }
  return kinds;
}
const statusServed = async () => (await service.served(ID))?.[0];

describe('a refresh request for a group', () => {
  it('has it refreshed now, long before it is due', async () => {
    hold('COMPLETED');
    await give();
    expect(await drain()).toEqual(['published']);
    expect(await statusServed()).toContain('COMPLETED');
  });

  it('is ignored where the group is not tracked', async () => {
    const other = '11111111-1111-4111-8111-111111111111';
    const before = await rowsOf(engine.client, service.table);
    await requestRefresh(
      { store: service.bare, queue: { enqueue: async () => {} }, now: () => service.clock.now },
      other,
    );
    expect(await rowsOf(engine.client, service.table)).toEqual(before);
  });

  it('that comes by the hundred makes one refresh', async () => {
    const calls = service.anycheck.calls;
    hold('COMPLETED');
    for (let n = 0; n < 100; n++) {
      await give();
      service.clock.now++;
    }
    expect(service.queued.length).toBeLessThanOrEqual(3);
    expect((await drain()).filter((kind) => kind !== 'dropped')).toEqual(['published']);
    expect(service.anycheck.calls).toBe(calls + 1);
  });

  it('in the middle of a refresh makes another one, once for all that come', async () => {
    const { schedule } = await service.bare.read(ID);
    service.clock.now = schedule?.due ?? 0;
    service.queued.push({ resultId: ID, due: service.clock.now });
    const calls = service.anycheck.calls;
    service.anycheck.before = async () => {
      service.anycheck.before = () => {};
      const before = service.anycheck.groups.get(ID);
      for (let n = 0; n < 20; n++) {
        service.clock.now++;
        await give();
      }
      // AnyCheck changed, but this answer was made before it did.
      setImmediate(() => hold('COMPLETED'));
      if (before) service.anycheck.groups.set(ID, before);
    };
    expect((await drain()).filter((kind) => kind !== 'dropped')).toEqual(['unchanged', 'published']);
    expect(service.anycheck.calls).toBe(calls + 2);
    expect(await statusServed()).toContain('COMPLETED');
    expect((await service.bare.read(ID)).schedule?.due).toBeGreaterThan(service.clock.now);
  });

  it('in the same moment as another is not queued under a message that was used up', async () => {
    await give();
    await give();
    service.anycheck.before = async () => {
      service.anycheck.before = () => {};
      service.clock.now += 5;
      await give();
      setImmediate(() => hold('COMPLETED'));
    };
    // SQS takes a message with the same deduplication id once in five minutes.
    const taken = new Set<number>();
    const enqueue = async (groups: readonly Due[]) => {
      service.queued.push(...groups.filter(({ due }) => !taken.has(due)));
      for (const { due } of groups) taken.add(due);
    };
    await enqueue(service.queued.splice(0));
    const first = service.queued.shift();
    if (!first) throw new Error('nothing was queued');
    const refreshing = refreshDue(service.deps, { ...first, deliveries: 1 }, new AbortController().signal);
    expect(await refreshing).toMatchObject({ kind: 'unchanged' });
    await enqueue(service.queued.splice(0));
    expect((await drain()).filter((kind) => kind !== 'dropped')).toEqual(['published']);
    expect(await statusServed()).toContain('COMPLETED');
  });

  it('causes at most two refreshes a second, however many come', async () => {
    const calls = service.anycheck.calls;
    const begun = service.clock.now;
    for (let n = 0; n < 200; n++) {
      service.clock.now += 50;
      await give();
      await drain();
    }
    const seconds = (service.clock.now - begun) / 1000;
    expect(service.anycheck.calls - calls).toBeLessThanOrEqual(seconds * 2 + 1);
  });

  it('while a reader fetches leaves the group due when that ends', async () => {
    const { schedule } = await service.bare.read(ID);
    const until = service.clock.now + 30_000;
    expect(await service.bare.claim(ID, schedule, service.clock.now, until)).toBe(true);
    service.clock.now += 50;
    await give();
    await service.bare.finish(ID, {
      schedule: { requestedAt: undefined, expeditedDue: undefined },
      result: 'failure',
      from: until,
      next: until,
      intent: undefined,
      attempt: service.clock.now,
      begun: service.clock.now - 50,
      outcome: { failures: 0, error: 'none', failingSince: undefined },
    });
    expect((await service.bare.read(ID)).schedule?.due).toBe(service.clock.now);
    expect(await drain()).toEqual(['unchanged']);
  });

  it('as the refresh under way ends is not lost between the two', async () => {
    const { schedule } = await service.bare.read(ID);
    service.clock.now = schedule?.due ?? 0;
    // The group is due, so it is not pulled; before the question is written down, the look ends.
    const { requestRefresh: write } = service.bare;
    const late = {
      ...service.bare,
      requestRefresh: async (id: string, at: number) => {
        await service.refresh(ID);
        return write(id, at);
      },
    };
    service.clock.now += 5;
    await requestRefresh(
      {
        store: late,
        queue: { enqueue: async (groups) => void service.queued.push(...groups) },
        now: () => service.clock.now,
      },
      ID,
    );
    hold('COMPLETED');
    expect((await drain()).filter((kind) => kind !== 'dropped')).toEqual(['published']);
  });
});
