import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce, dueAfter, type Ending } from '../../../../../functions/domain/refresh/due-time.ts';

const AT = 1_800_000_000_000;
const HOUR = 3_600_000;

const ending = (more: Partial<Ending>): Ending => ({
  from: AT,
  next: AT + HOUR,
  begun: AT + 50,
  attempt: AT + 400,
  result: 'nothing new',
  ...more,
});
const known = (requestedAt?: number, expeditedDue?: number) => ({ requestedAt, expeditedDue });

describe('a due time for at once', () => {
  it('is now, or later than each due time that may have been queued', () => {
    expect(atOnce({ due: undefined, expeditedDue: undefined, lastAttempt: undefined }, AT)).toBe(AT);
    expect(atOnce({ due: AT, expeditedDue: undefined, lastAttempt: undefined }, AT)).toBe(AT + 1);
    expect(atOnce({ due: undefined, expeditedDue: AT + 7, lastAttempt: undefined }, AT)).toBe(AT + 8);
    expect(atOnce({ due: undefined, expeditedDue: undefined, lastAttempt: AT }, AT)).toBe(AT + 1);
    // No message was queued yet for a due time in the future, such as the end of a lease.
    expect(atOnce({ due: AT + HOUR, expeditedDue: undefined, lastAttempt: undefined }, AT)).toBe(AT);
  });
});

describe('the due time after a refresh', () => {
  it('is that of the cadence where no refresh was requested', () => {
    expect(dueAfter(ending({}), known())).toEqual({ due: AT + HOUR, queuedBy: 'sweep', isRequestConsumed: true });
    expect(dueAfter(ending({ next: undefined }), known()).due).toBeUndefined();
  });

  it('is at once where a refresh was requested since this one began to fetch', () => {
    const next = dueAfter(ending({ result: 'news' }), known(AT + 51, AT - HOUR));
    expect(next).toEqual({ due: AT + 400, queuedBy: 'run', isRequestConsumed: false });
  });

  it('is 5 s, 30 s and 2 min after a request, while nothing new is found', () => {
    const dues = [400, 5_400, 30_400, 120_400].map((ms) => {
      const { due = 0, queuedBy } = dueAfter(ending({ begun: AT + ms - 50, attempt: AT + ms }), known(AT));
      return [due - AT, queuedBy];
    });
    const later = 'run, for later';
    expect(dues).toEqual([
      [5_000, later],
      [30_000, later],
      [120_000, later],
      [HOUR, 'sweep'],
    ]);
  });

  it('is the cadence’s again after the first change', () => {
    const next = dueAfter(ending({ result: 'news' }), known(AT));
    expect(next).toEqual({ due: AT + HOUR, queuedBy: 'sweep', isRequestConsumed: true });
  });

  it('is the backoff’s after a failure, and the request stays', () => {
    const next = dueAfter(ending({ result: 'failure', next: AT + 15_000 }), known(AT));
    expect(next).toEqual({ due: AT + 15_000, queuedBy: 'sweep', isRequestConsumed: false });
  });

  it('is the cadence’s where a sweep finds it before the next recheck', () => {
    const next = dueAfter(ending({ next: AT + 45_000, attempt: AT + 30_400 }), known(AT));
    expect(next).toEqual({ due: AT + 45_000, queuedBy: 'sweep', isRequestConsumed: false });
  });

  it('is never one that was queued before, whatever the clocks say', () => {
    const ms = fc.integer({ min: -2_000, max: 200_000 });
    const some = fc.option(ms, { nil: undefined });
    const result = fc.constantFrom<Ending['result']>('news', 'nothing new', 'failure');
    fc.assert(
      fc.property(
        ms,
        some,
        ms,
        fc.nat(2_000),
        result,
        some,
        some,
        (from, next, begun, took, ended, requested, before) => {
          const attempt = begun + took;
          const one = { from: AT + from, begun: AT + begun, attempt: AT + attempt, result: ended };
          const at = (value: number | undefined) => (value === undefined ? undefined : AT + value);
          const { due, queuedBy } = dueAfter({ ...one, next: at(next) }, known(at(requested), at(before)));
          if (due === undefined) return;
          if (queuedBy === 'run') {
            expect(due).toBeGreaterThan(at(before) ?? 0);
            if (from <= attempt) expect(due).toBeGreaterThan(AT + from);
          } else expect(due).toBeGreaterThan(AT + attempt);
        },
      ),
    );
  });
});
