import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anycheckHttp } from '../../../../../functions/adapters/anycheck/http.ts';
import { budgetRow } from '../../../../../functions/adapters/dynamodb/budget-row.ts';
import type { UpstreamAnswer } from '../../../../../functions/domain/upstream/answer.ts';
import type { UpstreamEvent } from '../../../../../functions/domain/upstream/breaker.ts';
import type { Priority } from '../../../../../functions/domain/upstream/budget.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import type { Counted } from '../../../../../functions/domain/upstream/feedback.ts';
import { rateLimiter } from '../../../../../functions/domain/upstream/limiter.ts';
import { FIXTURE_GROUPS } from '../../../../../lib/sandbox/groups/groups.ts';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../../../../lib/sandbox/server.ts';
import { type Engine, startEmbedded } from '../../../../fakes/engine.ts';

const GROUP = FIXTURE_GROUPS.find(({ name }) => name === 'BPKB')?.resultId ?? '';
const AMPLE = { share: 1, maxRps: 10_000 };
const waiting = {
  sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
  random: Math.random,
};

let engine: Engine;
let sandbox: Sandbox;
let table: string;
let emitted: UpstreamEvent[];
let counted: Counted[];
/** ms by which the clock was moved. */
let moved: number;

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  [emitted, counted, moved] = [[], [], 0];
  sandbox = await startSandbox();
  sandbox.controls.setLimits({ limit: null });
  table = await engine.table();
});
afterEach(() => sandbox.close());

interface Caller {
  request(signal?: AbortSignal, group?: string): Promise<UpstreamAnswer>;
}

/** One Lambda instance's way to AnyCheck: it shares the table with the others, and nothing else. */
function caller({
  priority = 'reader',
  settings = AMPLE,
  url = sandbox.url,
}: {
  priority?: Priority;
  settings?: typeof AMPLE;
  url?: string;
} = {}): Caller {
  const now = () => Date.now() + moved;
  const { call: acquire } = rateLimiter({
    ...waiting,
    store: budgetRow(engine.client, table),
    priority,
    settings,
    now,
    emit: (event) => emitted.push(event),
    count: (what) => counted.push(what),
  });
  const http = anycheckHttp(url);
  return {
    async request(signal = AbortSignal.timeout(20_000), group = GROUP) {
      const query = { result_id: GROUP, page_offset: '0', page_size: '10' };
      const headers = { 'x-api-key': SANDBOX_CREDENTIALS.apiKey };
      const call = () => http('/verifications', { method: 'GET', headers, query, signal });
      const result = await acquire({ credentials: '1', group, signal, send: call, read: (body) => body });
      return result.kind === 'done' ? { ok: true, body: result.value, announced: undefined } : result.answer;
    },
  };
}
const fault = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error('it went through');
    },
    (error: unknown) => {
      if (error instanceof UpstreamError) return error;
      throw error;
    },
  );
const calls = () => sandbox.controls.calls().calls;
const times = () => calls().map(({ at }) => Date.parse(at));

describe('the way to AnyCheck', () => {
  it('keeps the whole fleet to so many calls per second where no limit is announced', async () => {
    const settings = { share: 0.5, maxRps: 20 };
    const begun = Date.now();
    const fleet = Array.from({ length: 4 }, () => caller({ priority: 'worker', settings }));
    await Promise.all(
      fleet.map(async ({ request }) => {
        for (let n = 0; n < 10; n++) await request();
      }),
    );
    expect(calls()).toHaveLength(40);
    expect(Date.now() - begun).toBeGreaterThan(1_900);
  });

  it('keeps it to its share of an announced limit, and is refused nothing', async () => {
    sandbox.controls.setLimits({ limit: 40, window_seconds: 1, announce: true });
    const begun = Date.now();
    const fleet = Array.from({ length: 4 }, () => caller({ priority: 'worker', settings: { share: 0.5, maxRps: 5 } }));
    const answers = await Promise.all(
      fleet.map(async ({ request }) => {
        const received: UpstreamAnswer[] = [];
        for (let n = 0; n < 10; n++) received.push(await request());
        return received;
      }),
    );
    expect(answers.flat().every(({ ok }) => ok)).toBe(true);
    // 20 a second but for the first second or so, until the limit is known.
    expect(Date.now() - begun).toBeGreaterThan(1_900);
    expect(Date.now() - begun).toBeLessThan(12_000);
  });

  it('lets 60 readers in at once where a minute of an announced limit is unused', async () => {
    await budgetRow(engine.client, table).setLimit({ calls: 1_000, window: 60, reset: undefined, since: Date.now() });
    const readers = Array.from({ length: 60 }, () => caller({ settings: { share: 0.5, maxRps: 5 } }));
    const begun = Date.now();
    const answers = await Promise.all(readers.map(({ request }) => request()));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    // None waited for a slot: at the steady rate, the last one would begin after 9 s, and most of them be refused.
    const { takenUntil } = await budgetRow(engine.client, table).read();
    expect(takenUntil.reader).toBeLessThan(begun);
  });

  it('is closed to every caller for the Retry-After of AnyCheck', async () => {
    sandbox.controls.addFaults({
      kind: 'status',
      status: 429,
      error_code: 'QUOTA_EXCEEDED',
      headers: { 'retry-after': '2' },
    });
    const [one, other] = [caller(), caller()];
    expect(await one.request()).toMatchObject({ ok: false, status: 429 });
    await Promise.all([one.request(), other.request(), caller({ priority: 'worker' }).request()]);
    const [refused = 0, ...later] = times();
    expect(later).toHaveLength(3);
    for (const at of later) expect(at - refused).toBeGreaterThanOrEqual(1_990);
    expect(emitted).toEqual(['rate limited']);
    expect(counted.filter((what) => what === 'call')).toHaveLength(4);
    expect(counted.filter((what) => what === 'refusal')).toHaveLength(1);
    expect(counted).not.toContain('login');
  });

  it('returns the waiting time to a caller who would wait too long, and makes no call to AnyCheck', async () => {
    sandbox.controls.addFaults({ kind: 'status', status: 503, headers: { 'retry-after': '40' } });
    await caller().request();
    const error = await fault(caller().request());
    expect(error).toMatchObject({ reason: 'RATE_LIMITED', fleetWide: true });
    expect(error.retryAfter).toBeGreaterThan(35);
    expect(calls()).toHaveLength(1);
  });

  it('is closed until the reset where nothing remains of the limit', async () => {
    const reset = Math.floor(Date.now() / 1000) + 30;
    const headers = { 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
    sandbox.controls.addFaults({ kind: 'status', status: 200, headers });
    await caller().request();
    expect(await fault(caller().request())).toMatchObject({ reason: 'RATE_LIMITED' });
    moved += 31_000;
    expect((await caller().request()).ok).toBe(true);
    expect(calls()).toHaveLength(2);
  });

  it('is given to a reader within 5 s or not at all', async () => {
    const settings = { share: 0.5, maxRps: 0.4 };
    const readers = Array.from({ length: 5 }, () => caller({ settings }));
    const begun = Date.now();
    const outcomes = await Promise.allSettled(readers.map(({ request }) => request()));
    expect(Date.now() - begun).toBeLessThan(7_000);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(2);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ reason: 'RATE_LIMITED' });
    }
  });

  it('ends waiting when the caller’s time is over', async () => {
    const { request } = caller({ priority: 'worker', settings: { share: 0.5, maxRps: 0.1 } });
    await request();
    await request();
    expect(await fault(request(AbortSignal.timeout(100)))).toMatchObject({ reason: 'RATE_LIMITED' });
    expect(calls()).toHaveLength(2);
  });

  it('is closed by failures in a row, probed every 10 s, and opened by the first success', async () => {
    sandbox.controls.addFaults({ kind: 'status', status: 500, times: 7 });
    const fleet = Array.from({ length: 3 }, () => caller());
    for (let n = 0; n < 5; n++) {
      await fleet[n % 3]?.request(undefined, `group ${n % 2}`);
      moved += 1_500;
    }
    expect(emitted).toEqual(['circuit opened']);
    const closed = await Promise.all(fleet.map(({ request }) => fault(request())));
    for (const error of closed) expect(error).toMatchObject({ reason: 'RATE_LIMITED', fleetWide: true });
    for (let probe = 0; probe < 2; probe++) {
      moved += 10_000;
      const answers = await Promise.allSettled(fleet.map(({ request }) => request()));
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
    expect(calls()).toHaveLength(7);
    moved += 10_000;
    expect((await caller().request()).ok).toBe(true);
    expect(emitted).toEqual(['circuit opened', 'circuit closed']);
    for (const { request } of fleet) expect((await request()).ok).toBe(true);
  });

  it('is closed by an AnyCheck that can not be reached, but not by a moment’s failures', async () => {
    const { request: requestOne } = caller({ url: 'http://127.0.0.1:1' });
    let requested = 0;
    const request = () => requestOne(undefined, `group ${requested++}`);
    for (let n = 0; n < 8; n++)
      expect(await fault(request())).toMatchObject({ reason: 'UNAVAILABLE', fleetWide: false });
    moved += 5_000;
    expect(await fault(request())).toMatchObject({ reason: 'UNAVAILABLE', fleetWide: true });
    expect(await fault(request())).toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('stays open to others where a single group fails', async () => {
    const { request } = caller();
    sandbox.controls.addFaults({ kind: 'status', status: 500, times: 10 });
    for (let n = 0; n < 10; n++) {
      await request();
      moved += 3_000;
    }
    expect(emitted).toEqual([]);
    expect((await request(undefined, 'another')).ok).toBe(true);
  });

  it('stays open where failures come among successes', async () => {
    const { request } = caller();
    for (let n = 0; n < 6; n++) {
      sandbox.controls.addFaults({ kind: 'status', status: 500, times: 4 });
      for (let times = 0; times < 5; times++) await request();
      moved += 3_000;
    }
    expect(emitted).toEqual([]);
  });

  it('lets one caller’s early end not count against AnyCheck', async () => {
    const { request } = caller();
    for (let n = 0; n < 8; n++) {
      sandbox.controls.addFaults({ kind: 'hang' });
      const reason = expect.stringMatching(/TIMED_OUT|RATE_LIMITED/);
      expect(await fault(request(AbortSignal.timeout(60)))).toMatchObject({ reason });
      moved += 2_000;
    }
    expect(emitted).toEqual([]);
    sandbox.controls.clearFaults();
    expect((await request()).ok).toBe(true);
  });

  it('is shut, as AnyCheck itself, where its row can not be read', async () => {
    const { call: acquire } = rateLimiter({
      ...waiting,
      store: budgetRow(engine.client, 'missing'),
      priority: 'reader',
      settings: AMPLE,
      now: Date.now,
      emit: () => {},
      count: () => {},
    });
    const send = () => Promise.reject(new Error('never'));
    const signal = AbortSignal.timeout(5_000);
    const call = { credentials: '1', group: GROUP, signal, send, read: (body: string) => body };
    expect(await fault(acquire(call))).toMatchObject({ reason: 'UNAVAILABLE' });
    await sleep(0);
  });
});
