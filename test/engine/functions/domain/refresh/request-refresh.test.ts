import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Due } from '../../../../../functions/domain/refresh/queue.ts';
import { refresh } from '../../../../../functions/domain/refresh/refresh.ts';
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

  it('while a reader fetches has the reader queue the group when that ends', async () => {
    const { schedule } = await service.bare.read(ID);
    expect(await service.bare.claim(ID, schedule, service.clock.now, service.clock.now + 30_000)).toBe(true);
    const { schedule: claimed, ...group } = await service.bare.read(ID);
    if (claimed?.kind !== 'tracked') throw new Error('the group is not tracked');
    service.anycheck.before = async () => {
      service.anycheck.before = () => {};
      service.clock.now += 50;
      await give();
      // A message that comes before the fetch ends is dropped, so none is sent yet.
      expect(service.queued).toEqual([]);
      setImmediate(() => hold('COMPLETED'));
    };
    const leased = { ...group, schedule: { ...claimed, due: claimed.due ?? 0 } };
    await refresh(service.deps, ID, leased, { signal: new AbortController().signal, forced: true, announceAfterMs: 0 });
    expect((await service.bare.read(ID)).schedule?.due).toBe(service.clock.now);
    expect(await drain()).toEqual(['published']);
  });

  it('in the very millisecond of a due time that was queued sets a later one', async () => {
    hold('COMPLETED');
    await give();
    const [first] = service.queued;
    await drain();
    service.clock.now = first?.due ?? 0;
    await give();
    const { schedule } = await service.bare.read(ID);
    expect(schedule?.due).toBeGreaterThan(schedule?.lastAttempt ?? 0);
    expect(service.queued).toEqual([{ resultId: ID, due: schedule?.due }]);
  });

  it('keeps a group that AnyCheck does not know, and has it fetched again', async () => {
    const other = '11111111-1111-4111-8111-111111111111';
    await service.track(other);
    service.anycheck.before = async () => {
      service.anycheck.before = () => {};
      service.clock.now++;
      await requestRefresh({ store: service.bare, queue: service.deps.queue, now: () => service.clock.now }, other);
      setImmediate(() => service.anycheck.groups.set(other, { overall: 'IN_QUEUE', items: [verification('a')] }));
    };
    expect(await service.refresh(other)).toMatchObject({ kind: 'failed' });
    expect((await drain()).filter((kind) => kind !== 'dropped')).toEqual(['published']);
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

describe('a refresh request that comes before AnyCheck shows the change', () => {
  /** Delivers what was queued for later, at its time. */
  async function follow(): Promise<number | undefined> {
    const one = service.delayed.shift();
    if (one) {
      service.clock.now = Math.max(service.clock.now, one.due);
      service.queued.push(one);
    }
    return one?.due;
  }

  it('causes refreshes 5 s, 30 s and 2 min later, until the first change', async () => {
    service.clock.now += 3_600_000;
    const at = service.clock.now;
    await give();
    expect(await drain()).toEqual(['unchanged']);
    expect((await follow()) ?? 0).toBe(at + 5_000);
    expect(await drain()).toEqual(['unchanged']);
    expect((await follow()) ?? 0).toBe(at + 30_000);
    hold('COMPLETED');
    expect(await drain()).toEqual(['published']);
    expect(await follow()).toBeUndefined();
    expect((await service.bare.read(ID)).schedule).toMatchObject({ requestedAt: undefined });
  });

  it('ends after 2 min, and a later one begins anew', async () => {
    service.clock.now += 3_600_000;
    const calls = service.anycheck.calls;
    for (const _ of [1, 2]) {
      await give();
      do await drain();
      while ((await follow()) !== undefined);
      expect((await service.bare.read(ID)).schedule).toMatchObject({ requestedAt: undefined });
      service.clock.now += 3_600_000;
      await service.refresh(ID);
    }
    expect(service.anycheck.calls - calls).toBe(2 * 5);
  });

  it('is rechecked once for all that come', async () => {
    service.clock.now += 3_600_000;
    const calls = service.anycheck.calls;
    for (let n = 0; n < 50; n++) {
      await give();
      service.clock.now++;
    }
    do await drain();
    while ((await follow()) !== undefined);
    expect(service.anycheck.calls - calls).toBe(4);
  });

  it('is rechecked by the sweep where a message is lost', async () => {
    service.clock.now += 3_600_000;
    await give();
    await drain();
    service.delayed.splice(0);
    service.clock.now += 60_000;
    hold('COMPLETED');
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published' });
  });
});
