import { describe, expect, it } from 'vitest';
import type { UpstreamAnswer } from '../../../functions/domain/upstream/answer.ts';
import { UpstreamError } from '../../../functions/domain/upstream/errors.ts';
import { bodyAnswer as body, errorAnswer as error, HTML, UNUSABLE } from '../../bench/outage/answers.ts';
import { type OutageAnswer, simulateOutage } from '../../bench/outage/simulate.ts';

const always =
  (answer: UpstreamAnswer | Error): OutageAnswer =>
  () =>
    answer;

describe('40 groups that are read and due, 5 calls a second being allowed,', () => {
  it.each(UNUSABLE)('slow down to a probe in 10 s while AnyCheck answers %s', async (_, answer, reason) => {
    const { calls, budget, opened, recoveredAfter, lost } = await simulateOutage({ answer: always(answer) });
    expect(calls(0, 10_000)).toBeLessThanOrEqual(40);
    expect(calls(30_000, 40_000)).toBe(1);
    expect(opened).toEqual([reason]);
    expect(budget).toMatchObject({ failingReason: reason, failures: expect.any(Number) });
    expect(budget.probeAt).toBeDefined();
    expect(recoveredAfter).toBeLessThan(40_000);
    expect(lost).toBe(0);
  });

  it('slow down while AnyCheck does not answer', async () => {
    const answer = always(new UpstreamError('TIMED_OUT', 'AnyCheck did not answer in time'));
    const { calls, opened } = await simulateOutage({ answer, latency: 15_000, lasts: 60_000 });
    expect(calls(50_000, 60_000)).toBeLessThanOrEqual(1);
    expect(opened).toEqual(['TIMED_OUT']);
  });

  it('slow down while AnyCheck answers 429 without Retry-After, or with one that names no time ahead', async () => {
    const without = await simulateOutage({ answer: always(error(429)) });
    expect(without.calls(0, 10_000)).toBeLessThanOrEqual(12);
    expect(without.calls(30_000, 40_000)).toBeLessThanOrEqual(2);
    const tiny = await simulateOutage({ answer: always(error(429, { retryAfter: 1 })) });
    expect(tiny.calls(0, 10_000)).toBeLessThanOrEqual(without.calls(0, 10_000));
    expect(tiny.calls(30_000, 40_000)).toBeLessThanOrEqual(without.calls(30_000, 40_000));
  });

  it('are refreshed as ever while a few of them are malformed, forbidden or locked', async () => {
    for (const answer of [body(HTML), error(403, { code: 'FORBIDDEN' }), error(409, { code: 'GROUP_LOCKED' })]) {
      const { opened, calls, budget } = await simulateOutage({
        answer: (id) => (Number(id.slice(0, 8)) < 3 ? answer : undefined),
      });
      expect(opened).toEqual([]);
      expect(budget.probeAt).toBeUndefined();
      expect(calls(30_000, 40_000)).toBeGreaterThan(20);
    }
  });

  it('leave the circuit closed where one malformed group is the only one that is due', async () => {
    const { opened } = await simulateOutage({ answer: always(body(HTML)), groups: 1, lasts: 600_000 });
    expect(opened).toEqual([]);
  });

  it('leave the circuit closed where AnyCheck refuses groups in its own words', async () => {
    for (const code of ['NOT_FOUND', 'INVALID_ID', 'INVALID_VALUE', 'INVALID_REQUEST']) {
      const status = code === 'NOT_FOUND' ? 404 : 400;
      const { opened } = await simulateOutage({ answer: always(error(status, { code })) });
      expect(opened).toEqual([]);
    }
  });
});
