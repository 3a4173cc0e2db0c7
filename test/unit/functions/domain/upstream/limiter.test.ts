import { beforeEach, describe, expect, it } from 'vitest';
import type { ErrorAnswer, UpstreamAnswer } from '../../../../../functions/domain/upstream/answer.ts';
import type { EventDetails, UpstreamEvent } from '../../../../../functions/domain/upstream/breaker.ts';
import type { BudgetStore } from '../../../../../functions/domain/upstream/budget-store.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { type RateLimiter, rateLimiter } from '../../../../../functions/domain/upstream/limiter.ts';
import { budgetInMemory } from '../../../../fakes/budget-store.ts';

const START = 1_800_000_000_000;
const OK: UpstreamAnswer = { ok: true, body: '', announced: undefined };
const refusal = (status: number, over: Partial<ErrorAnswer> = {}): UpstreamAnswer => ({
  ok: false,
  status,
  code: undefined,
  retryAfter: undefined,
  announced: undefined,
  ...over,
});

/** A virtual clock: sleeping moves it, and `during` runs at the next time that a caller sleeps. */
let now: number;
let slept: number[];
let during: (() => Promise<unknown>) | undefined;
let emitted: (readonly [event: UpstreamEvent, details?: EventDetails | undefined])[];
let store: BudgetStore;
let instance: (maxRps?: number) => RateLimiter;

beforeEach(() => {
  [now, slept, during, emitted] = [START, [], undefined, []];
  const stores = budgetInMemory();
  store = stores();
  instance = (maxRps = 10_000) =>
    rateLimiter({
      store: stores(),
      priority: 'reader',
      settings: { share: 1, maxRps },
      now: () => now,
      async sleep(ms) {
        slept.push(ms);
        const task = during;
        during = undefined;
        await task?.();
        now += ms;
      },
      random: () => 1,
      emit: (...event) => emitted.push(event),
      count: () => {},
    });
});

const read = (body: string) => body;

/** One call with the first version of the credentials. */
const call = ({ call: acquire }: RateLimiter, answer: UpstreamAnswer, group: string | undefined = 'a') =>
  acquire({ credentials: '1', group, signal: new AbortController().signal, send: async () => answer, read });
const login = ({ call: acquire }: RateLimiter, answer: UpstreamAnswer) =>
  acquire({ credentials: '1', signal: new AbortController().signal, send: async () => answer, read });

/** Opens the circuit with five failures over six seconds, of two groups. */
async function openCircuit(one: RateLimiter) {
  for (let n = 0; n < 5; n++) {
    await call(one, refusal(500), n % 2 === 0 ? 'a' : 'b');
    now += 1_500;
  }
}

describe('the rate limiter', () => {
  it('waits for the end of a short pause, with jitter of up to 30 ms', async () => {
    const one = instance();
    await call(one, refusal(429, { retryAfter: 2 }));
    await call(one, OK);
    expect(slept).toEqual([2_030]);
  });

  it('reads the budget again after a long wait, and does not call while the pause lasts that began meanwhile', async () => {
    const one = instance(1);
    await call(one, OK);
    during = () => store.pauseUntil(now + 4_000);
    const begun = now;
    await call(one, OK);
    expect(slept).toHaveLength(2);
    expect(now).toBeGreaterThanOrEqual(begun + 4_000);
  });

  it('begins a burst only where no other instance took the slots since the last call', async () => {
    await store.setLimit({ calls: 1_000, window: 60, reset: undefined, since: now });
    const takeAllUntilNow = () =>
      store.acquireSlot(
        { of: 'reader', floor: now, interval: 1, horizon: now, isBurst: false, burstSince: now, isEarly: false },
        '1',
        now,
      );
    const one = instance();
    await takeAllUntilNow();
    await call(one, OK);
    now += 10_000;
    await takeAllUntilNow();
    await call(one, OK);
    expect((await store.read()).burstAt).toBe(0);
    now += 10_000;
    await call(one, OK);
    expect((await store.read()).burstAt).toBe(now);
  });

  it('refuses a call at once where the circuit opened during a long wait', async () => {
    const one = instance(1);
    await call(one, OK);
    during = () => store.openCircuit(now + 10_000);
    await expect(call(one, OK)).rejects.toMatchObject({ reason: 'RATE_LIMITED', fleetWide: true });
  });
});

describe('rate limit feedback', () => {
  it('pauses for twice as long after each refusal in a row without Retry-After, for at most 60 s', async () => {
    const one = instance();
    for (let n = 0; n < 8; n++) {
      await call(one, refusal(429));
      now = (await store.read()).pausedUntil;
    }
    expect(emitted.map(([, details]) => details?.seconds)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    await call(one, OK);
    expect((await store.read()).refusals).toBe(0);
  });

  it('slows all calls down after a refused list, and not after a refused login', async () => {
    await login(instance(), refusal(429, { retryAfter: 0 }));
    expect((await store.read()).slowdown).toBe(1);
    await call(instance(), refusal(429, { retryAfter: 0 }));
    expect((await store.read()).slowdown).toBe(1.3);
  });

  it('takes the announced limit from a list alone', async () => {
    const announced = { limit: 600, remaining: 10, reset: START / 1000 + 60 };
    await login(instance(), { ...OK, announced });
    expect((await store.read()).limit).toBeUndefined();
    await call(instance(), { ...OK, announced });
    expect((await store.read()).limit).toMatchObject({ calls: 600, window: 60 });
  });
});

describe('the circuit breaker', () => {
  it('stays closed while AnyCheck answers that a thousand groups are unknown', async () => {
    const one = instance();
    for (let n = 0; n < 1_000; n++) {
      await call(one, refusal(404, { code: 'NOT_FOUND' }), `group ${n}`);
      now += 100;
    }
    expect(emitted).toEqual([]);
    expect((await store.read()).failures).toBe(0);
  });

  it('counts neither for nor against AnyCheck what is too large', async () => {
    const failing = (reason: UpstreamError['reason'], group: string) =>
      instance()
        .call({
          credentials: '1',
          group,
          signal: new AbortController().signal,
          send: () => Promise.reject(new UpstreamError(reason, reason)),
          read,
        })
        .catch(() => {});
    for (let n = 0; n < 10; n++) {
      await failing('TOO_LARGE', `group ${n}`);
      now += 1_000;
    }
    expect((await store.read()).failures).toBe(0);
    await openCircuit(instance());
    now += 10_000;
    await failing('TOO_LARGE', 'a');
    expect((await store.read()).probeAt).toBe(now + 10_000);
  });

  it('lets one instance probe an open circuit, and closes it at the first good answer', async () => {
    await openCircuit(instance());
    now += 10_000;
    const answer = Promise.withResolvers<UpstreamAnswer>();
    const { signal } = new AbortController();
    const probe = instance().call({ credentials: '1', group: 'a', signal, send: () => answer.promise, read });
    await expect(call(instance(), OK)).rejects.toMatchObject({ reason: 'RATE_LIMITED', fleetWide: true });
    answer.resolve(OK);
    await probe;
    await call(instance(), OK);
    expect(emitted).toEqual([['circuit opened', { reason: 'UNAVAILABLE' }], ['circuit closed']]);
    expect(await store.read()).toMatchObject({
      failures: 0,
      failingSince: 0,
      failingGroups: new Set(),
      failingReason: undefined,
      probeAt: undefined,
    });
  });

  it('lets a probe that is answered 401 log in and list again, and no other call', async () => {
    const one = instance();
    await openCircuit(one);
    now += 10_000;
    const permit = { until: 0 };
    const { signal } = new AbortController();
    const ours = { credentials: '1', permit, signal, read };
    await one.call({ ...ours, group: 'a', session: 'accepted', send: async () => refusal(401) });
    expect(await store.read()).toMatchObject({ failures: 5, probeAt: now + 10_000 });
    await one.call({ ...ours, send: async () => OK });
    await expect(call(instance(), OK)).rejects.toMatchObject({ reason: 'RATE_LIMITED' });
    await one.call({ ...ours, group: 'a', session: 'new', send: async () => OK });
    await call(instance(), OK);
    expect(emitted).toEqual([['circuit opened', { reason: 'UNAVAILABLE' }], ['circuit closed']]);
  });

  it('opens at the second login in a row that leads to no accepted session', async () => {
    const one = instance();
    const signal = new AbortController().signal;
    for (let n = 0; n < 2; n++) {
      await login(one, OK);
      await one.call({ credentials: '1', group: 'a', session: 'new', signal, send: async () => refusal(401), read });
      now += 10_000;
    }
    expect(emitted).toEqual([['circuit opened', { reason: 'REFUSED' }]]);
  });

  it.each([
    ['key', 60_000],
    ['login', 900_000],
  ] as const)(
    'tries refused credentials (%s) once more after a while, and takes them again after a good answer',
    async (kind, span) => {
      const one = instance();
      await one.refuse('1', kind);
      now += span - 1;
      await expect(call(instance(), OK)).rejects.toMatchObject({ reason: 'REFUSED', fleetWide: true });
      now += 1;
      await call(one, refusal(403));
      await expect(call(instance(), OK)).rejects.toMatchObject({ reason: 'REFUSED' });
      now += span;
      await call(one, OK);
      await call(instance(), OK);
      expect(emitted).toEqual([['credentials refused'], ['circuit closed']]);
    },
  );

  it('lets other credentials pass while some are refused', async () => {
    await instance().refuse('0', 'key');
    expect(await call(instance(), refusal(404))).toMatchObject({ impact: { fleetWide: false } });
    expect((await store.read()).refused).toBe('0');
  });
});
