import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { groupIndex } from '../../../../../functions/adapters/dynamodb/group-index.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { verification } from '../../../../fakes/anycheck.ts';
import { type Engine, startEmbedded } from '../../../../fakes/engine.ts';
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
  service.anycheck.groups.set(ID, { overall: 'IN_QUEUE', items: [verification('a', 'IN_QUEUE')] });
});

/** Moves the clock to where the group is due. */
async function dueNow(): Promise<number> {
  const due = (await schedule())?.due ?? 0;
  service.clock.now = Math.max(service.clock.now, due);
  return due;
}
const schedule = async () => (await service.bare.read(ID)).schedule;
const deliver = (due: number, deliveries: number) =>
  refreshDue(service.deps, { resultId: ID, due, deliveries }, new AbortController().signal);
/** The failing groups. */
const listed = async () => {
  const filter = { phase: undefined, overallStatus: undefined, isFailing: true };
  const { found } = await groupIndex(engine.client, service.table).list(
    filter,
    { order: 'newest', before: undefined },
    10,
  );
  return found.map(({ resultId }) => resultId);
};
/** Makes every refresh throw, as if its process had died: it writes nothing more. */
const poison = () => {
  service.anycheck.before = () => {
    throw new Error('out of memory');
  };
};

describe('a message whose worker died', () => {
  it('is taken by the next one, and leaves no trace where that succeeds', async () => {
    const due = await dueNow();
    poison();
    await expect(deliver(due, 1)).rejects.toThrow('out of memory');
    expect(await schedule()).toMatchObject({ due, failures: 0 });
    service.anycheck.before = () => {};
    expect(await deliver(due, 2)).toMatchObject({ kind: 'published' });
    expect(await schedule()).toMatchObject({ failures: 0, quarantinedDue: undefined });
  });

  it('keeps its group scheduled, later with each death, until it ends among the dead letters', async () => {
    const due = await dueNow();
    poison();
    const delays: number[] = [];
    const begun = service.clock.now;
    for (const deliveries of [1, 2, 3]) {
      await expect(deliver(due, deliveries)).rejects.toThrow('out of memory');
      delays.push(((await schedule())?.due ?? 0) - service.clock.now);
    }
    expect(delays.slice(1)).toEqual([15_000, 30_000]);
    expect(await listed()).toEqual([ID]);
    const failure = { failures: 2, lastError: 'CRASHED', failingSince: begun };
    expect(await schedule()).toMatchObject({ ...failure, quarantinedDue: due });
  });

  it('is refreshed when an operator sends it back, and dropped where the group recovered meanwhile', async () => {
    const due = await dueNow();
    poison();
    for (const deliveries of [1, 2, 3]) await expect(deliver(due, deliveries)).rejects.toThrow();
    service.anycheck.before = () => {};
    expect(await deliver(due, 1)).toMatchObject({ kind: 'published' });
    expect(await deliver(due, 1)).toEqual({ kind: 'dropped' });
  });

  it('disturbs no fetch under way', async () => {
    const due = await dueNow();
    poison();
    for (const deliveries of [1, 2]) await expect(deliver(due, deliveries)).rejects.toThrow();
    const found = await schedule();
    expect(await service.bare.claim(ID, found, service.clock.now + 1000, service.clock.now + 9000)).toBe(true);
    expect(await deliver(due, 3)).toEqual({ kind: 'dropped' });
  });
});

describe('a refresh that another run supersedes', () => {
  it('leaves its group queued under another due time, since its message is used up', async () => {
    const due = await dueNow();
    service.store = { ...service.bare, advance: async () => false };
    expect(await deliver(due, 1)).toEqual({ kind: 'superseded' });
    const next = (await schedule())?.due;
    expect(next).toBeGreaterThan(due);
    expect(service.queued).toEqual([{ resultId: ID, due: next }]);
    service.store = service.bare;
    expect(await deliver(next ?? 0, 1)).toMatchObject({ kind: 'published' });
  });
});

describe('a refresh that cannot end, because another run finished its publish', () => {
  it.each(['published', 'failed'])('leaves its group queued under another due time: %s', async (kind) => {
    const due = await dueNow();
    if (kind === 'failed') {
      service.anycheck.before = () => {
        throw new UpstreamError('UNAVAILABLE', 'of the test');
      };
    }
    await service.bare.recordPublishIntent(ID, { due, found: undefined, publishedAt: 0 }, 1);
    const { bare } = service;
    service.store = {
      ...bare,
      finish: async (id, attempt) => {
        await bare.clearPublishIntent(id, attempt.intent ?? 0);
        return bare.finish(id, attempt);
      },
    };
    expect(await deliver(due, 1)).toMatchObject({ kind });
    const next = (await schedule())?.due;
    expect(next).toBeGreaterThan(due);
    expect(service.queued).toEqual([{ resultId: ID, due: next }]);
  });
});
