import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ListDeps, listVerifications } from '../../../../../functions/domain/read/list-verifications.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { parseListRequest } from '../../../../../functions/verifications/list-query.ts';
import { answered } from '../../../../fakes/answered.ts';
import { verification, verifications } from '../../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { type Service, startService, unpacked } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let engine: Engine;
let service: Service;
let kinds: string[];
let deps: ListDeps;

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  kinds = [];
  service = await startService(engine);
  deps = {
    ...service.deps,
    queue: { enqueue: async (groups) => void service.queued.push(...groups) },
    freshSeconds: { active: 5, waiting: 60, settled: 900 },
    sleep: async () => {
      service.clock.now += 100;
      await sleep(1);
    },
    onRead: (kind) => void kinds.push(kind),
    onRefresh: () => {},
    onQueueFault: () => {},
  };
});

const hold = (items: string[], overall = 'COMPLETED') => service.anycheck.groups.set(ID, { overall, items });
const read = async (query = '', cacheControl = '', deadline = AbortSignal.timeout(3000)) =>
  unpacked(
    await answered(listVerifications(deps, parseListRequest(`result_id=${ID}${query}`, cacheControl), () => deadline)),
  );
const failing = (reason: 'UNAVAILABLE' | 'REFUSED' | 'NO_CREDENTIALS', retryAfter?: number) => () => {
  throw new UpstreamError(reason, 'AnyCheck failed', { retryAfter });
};

describe('a read', () => {
  it('is a hit where the snapshot is fresh enough, and a miss where a fetch comes first', async () => {
    hold([verification('a')]);
    await read();
    expect(kinds.splice(0)).toEqual(['miss']);
    await read();
    service.clock.now += 30_000;
    await read('', 'max-age=60');
    expect(kinds.splice(0)).toEqual(['hit', 'hit']);
    await read('', 'no-cache');
    service.clock.now += 30_000;
    service.anycheck.before = failing('UNAVAILABLE');
    await read('', 'no-cache');
    expect(kinds).toEqual(['miss', 'miss']);
  });

  it('is of the current version, or of one before', async () => {
    hold([verification('a')]);
    expect((await read()).isCurrent).toBe(true);
    hold([verification('b')]);
    service.clock.now += 30_000;
    await read('', 'no-cache');
    expect((await read('&snapshot_version=2')).isCurrent).toBe(true);
    expect((await read('&snapshot_version=1')).isCurrent).toBe(false);
  });
});

describe('reading an unknown group', () => {
  it('fetches it once for all concurrent readers', async () => {
    hold([verification('a')]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => read()));
    expect(service.anycheck.calls).toBe(1);
    for (const { snapshot, items } of answers) {
      expect(snapshot.version).toBe(1);
      expect(items).toEqual([verification('a')]);
    }
  });

  it('that AnyCheck doesn’t know either is 404 for all concurrent readers, and stores nothing', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => read()));
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { status: 404, code: 'NOT_FOUND' } });
    }
    expect(await rowsOf(engine.client, service.table)).toEqual([]);
    hold([]);
    expect((await read()).items).toEqual([]);
  });

  it('while AnyCheck fails is 503 for all, with what to wait, and is tried again', async () => {
    hold([verification('a')]);
    service.anycheck.before = failing('UNAVAILABLE', 42);
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => read()));
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { status: 503, code: 'INTERNAL_SERVER_ERROR' } });
    }
    await expect(read()).rejects.toMatchObject({ retryAfter: 42 });
    expect((await service.bare.read(ID)).schedule).toMatchObject({ failures: 2, lastError: 'UNAVAILABLE' });
    service.anycheck.before = () => {};
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published' });
  });

  it('says so when the credentials are missing', async () => {
    service.anycheck.before = failing('NO_CREDENTIALS');
    await expect(read()).rejects.toMatchObject({ status: 503, message: expect.stringContaining('credentials') });
  });

  it('says so to those who only waited, too', async () => {
    service.anycheck.before = async () => {
      await sleep(20);
      throw new UpstreamError('NO_CREDENTIALS', 'none');
    };
    const answers = await Promise.allSettled(Array.from({ length: 4 }, () => read()));
    for (const answer of answers) {
      expect(answer).toMatchObject({ reason: { status: 503, message: expect.stringContaining('credentials') } });
    }
  });

  it('fails at its deadline, and leaves the group due', async () => {
    hold([verification('a')]);
    service.anycheck.before = () => sleep(60);
    await expect(read('', '', AbortSignal.timeout(20))).rejects.toMatchObject({ status: 503 });
    expect((await service.bare.read(ID)).schedule?.due).toBeDefined();
  });

  it('whose first reader died is taken over when the lease is over', async () => {
    hold([verification('a')]);
    await service.bare.claim(ID, undefined, service.clock.now, service.clock.now + 2000);
    expect((await read()).snapshot.version).toBe(1);
  });
});

describe('reading a known group', () => {
  beforeEach(async () => {
    hold([verification('a', 'IN_QUEUE')], 'IN_QUEUE');
    await read();
    expect(await service.refresh(ID)).toEqual({ kind: 'announced' });
    service.queued.length = 0;
    service.clock.now += 1;
  });

  it('makes no call to AnyCheck, and returns the age', async () => {
    service.clock.now += 4_998;
    expect(await read()).toMatchObject({ age: 4, items: [verification('a', 'IN_QUEUE')] });
    expect(service.anycheck.calls).toBe(1);
    expect(service.queued).toEqual([]);
  });

  it('answers at once and queues an early refresh where the snapshot is old', async () => {
    service.clock.now += 5_000;
    hold([verification('a')]);
    expect((await read()).snapshot.version).toBe(1);
    expect(service.queued).toEqual([{ resultId: ID, due: service.clock.now }]);
    await service.refresh(ID);
    expect((await read()).snapshot.version).toBe(2);
  });

  it('queues the early refresh of a settled group after a twentieth of the time since its content changed, renewed links or not', async () => {
    const signed = (signature: number) =>
      hold([verification('a', 'COMPLETED', `,"output_file_url":"https://files.example/a?signature=${signature}"`)]);
    signed(1);
    await read('', 'no-cache');
    service.clock.now += 10 * DAY_MS;
    signed(2);
    const { snapshot } = await read('', 'no-cache');
    expect(snapshot).toMatchObject({ version: 2, revisedAt: service.clock.now });
    service.queued.length = 0;
    service.clock.now += 12 * HOUR_MS;
    expect((await read()).age).toBe((12 * HOUR_MS) / 1000);
    expect(service.queued).toEqual([]);
    service.clock.now += HOUR_MS;
    await read();
    expect(service.queued).toEqual([{ resultId: ID, due: service.clock.now }]);
  });

  it('refreshes a settled group first for a caller that sends max-age, however long its content has not changed', async () => {
    hold([verification('a')]);
    await read('', 'no-cache');
    service.clock.now += 10 * DAY_MS;
    await read('', 'no-cache');
    const { calls } = service.anycheck;
    service.clock.now += HOUR_MS;
    expect((await read('', 'max-age=3600')).age).toBe(3600);
    expect(service.anycheck.calls).toBe(calls);
    expect((await read('', 'max-age=3599')).age).toBe(0);
    expect(service.anycheck.calls).toBe(calls + 1);
  });

  it('pulls the due time once, and queues what is due under the due time that it has', async () => {
    service.clock.now += 5_001;
    await read();
    service.clock.now += 50;
    await read();
    expect(service.queued).toEqual(Array(2).fill({ resultId: ID, due: service.clock.now - 50 }));
  });

  it('does not turn being watched into a storm where AnyCheck fails', async () => {
    service.anycheck.before = failing('UNAVAILABLE');
    await service.refresh(ID);
    service.clock.now += 10_000;
    await read();
    expect(service.queued).toEqual([]);
  });

  it('fetches first for a caller that sends no-cache, and stores renewed links', async () => {
    hold([verification('a')]);
    const { snapshot, age } = await read('', 'no-cache');
    expect(snapshot.version).toBe(2);
    expect(age).toBe(0);
    expect(service.anycheck.calls).toBe(2);
    service.clock.now += 30_000;
    expect((await read('', 'max-age=30')).age).toBe(30);
    expect(service.anycheck.calls).toBe(2);
    service.clock.now += 1;
    await read('', 'max-age=30');
    expect(service.anycheck.calls).toBe(3);
  });

  it('that is served as it was to a reader who forced a refresh too soon is queued for an early one', async () => {
    hold([verification('a', 'IN_QUEUE')], 'IN_QUEUE');
    await read('', 'no-cache');
    service.queued.length = 0;
    service.clock.now += 8_000;
    const calls = service.anycheck.calls;
    await read('', 'no-cache');
    expect(service.anycheck.calls).toBe(calls);
    expect(service.queued).toEqual([{ resultId: ID, due: service.clock.now }]);
  });

  it('that many read with no-cache is fetched once for all, and again 15 s later at the earliest', async () => {
    service.anycheck.before = () => sleep(5);
    // Of 20 who wait at once, each moves the clock by its part.
    const waiting = async () => {
      service.clock.now += 100 / 20;
      await sleep(1);
    };
    deps = { ...deps, sleep: waiting };
    hold([verification('a')]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => read('', 'no-cache')));
    expect(new Set(answers.map(({ snapshot }) => snapshot.version))).toEqual(new Set([2]));
    expect(service.anycheck.calls).toBe(2);
    const until = service.clock.now + 15_000;
    hold([verification('a', 'FAILED')]);
    service.clock.now += 10_000;
    expect((await read('', 'no-cache')).snapshot.version).toBe(2);
    service.clock.now = until;
    expect((await read('', 'no-cache')).snapshot.version).toBe(3);
    expect(service.anycheck.calls).toBe(3);
  });

  it('serves the snapshot with its true age where the fetch fails', async () => {
    service.clock.now += 7_000;
    service.anycheck.before = failing('UNAVAILABLE');
    expect(await read('', 'no-cache')).toMatchObject({ age: 7, snapshot: { version: 1 } });
  });

  it('serves every retained version, and distinguishes expired versions from those that never existed', async () => {
    hold([verification('a')]);
    await read('', 'no-cache');
    const pinned = await read('&snapshot_version=1');
    expect(pinned).toMatchObject({ snapshot: { version: 1 }, items: [verification('a', 'IN_QUEUE')] });
    expect((await read('&snapshot_version=2')).items).toEqual([verification('a')]);
    for (const version of [0, 3]) {
      await expect(read(`&snapshot_version=${version}`)).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
    hold([verification('a', 'FAILED')]);
    service.clock.now += 15_000;
    await read('', 'no-cache');
    expect((await read('&snapshot_version=1')).items).toEqual([verification('a', 'IN_QUEUE')]);
    service.clock.now += 11 * 86_400_000;
    await expect(read('&snapshot_version=1')).rejects.toMatchObject({ status: 410, code: 'NOT_FOUND' });
  });

  it('of an empty group answers 200 for a day and after, also for a no-cache read', async () => {
    hold([]);
    await read('', 'no-cache');
    service.clock.now += 25 * 3_600_000;
    expect((await read('', 'no-cache')).items).toEqual([]);
    expect((await read()).items).toEqual([]);
  });

  it('still serves when an early refresh can not be queued', async () => {
    const faults: unknown[] = [];
    deps = {
      ...deps,
      queue: { enqueue: () => Promise.reject(new Error('no queue')) },
      onQueueFault: (_, error) => faults.push(error),
    };
    service.clock.now += 60_000;
    expect((await read()).items).toHaveLength(1);
    expect(faults).toHaveLength(1);
  });
});

describe('the pages of a large group', () => {
  it.each([1, 7, 10, 100])('by %i give the whole list, in order', async (size) => {
    const all = verifications(777);
    hold(all);
    const found: string[] = [];
    for (let offset = 0; offset < 800; offset += size) {
      found.push(...(await read(`&page_offset=${offset}&page_size=${size}`)).items);
    }
    expect(found).toEqual(all);
  });

  it('past the end are empty', async () => {
    hold(verifications(300));
    expect((await read('&page_offset=300')).items).toEqual([]);
    expect((await read('&page_offset=9007199254740991&page_size=100')).items).toEqual([]);
  });
});
