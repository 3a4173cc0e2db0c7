import { describe, expect, it } from 'vitest';
import type { ErrorAnswer, UpstreamAnswer } from '../../../functions/domain/upstream/answer.ts';
import { UpstreamError } from '../../../functions/domain/upstream/errors.ts';
import { type OutageAnswer, simulateOutage } from '../../bench/upstream/outage.ts';

const error = (status: number, over: Partial<ErrorAnswer> = {}): UpstreamAnswer => ({
  ok: false,
  status,
  code: undefined,
  retryAfter: undefined,
  announced: undefined,
  ...over,
});
const body = (text: string): UpstreamAnswer => ({ ok: true, body: text, announced: undefined });
const HTML = '<!doctype html><html></html>';

const UNUSABLE: readonly (readonly [string, UpstreamAnswer | Error, string])[] = [
  ['500', error(500, { code: 'INTERNAL_SERVER_ERROR' }), 'UNAVAILABLE'],
  ['503 with HTML', error(503), 'UNAVAILABLE'],
  ['408', error(408, { code: 'REQUEST_TIMEOUT' }), 'UNAVAILABLE'],
  ['200 with HTML', body(HTML), 'MALFORMED'],
  ['200 with null', body('null'), 'MALFORMED'],
  ['200 with []', body('[]'), 'MALFORMED'],
  ['200 with truncated JSON', body('{"total":1,"items":[{"id'), 'MALFORMED'],
  ['200 with an error', body('{"error_code":"NOT_FOUND","message":"none"}'), 'MALFORMED'],
  ['204', error(204), 'UNAVAILABLE'],
  ['308 to another host', error(308), 'UNAVAILABLE'],
  ['400 with HTML', error(400), 'REJECTED'],
  ['401 without a body', error(401), 'REFUSED'],
  ['401 in AnyCheck’s shape', error(401, { code: 'INVALID_TOKEN' }), 'REFUSED'],
  ['402', error(402), 'REFUSED'],
  ['403 without a body', error(403), 'REFUSED'],
  ['403 FORBIDDEN of every group', error(403, { code: 'FORBIDDEN' }), 'REFUSED'],
  ['403 INSUFFICIENT_BALANCE', error(403, { code: 'INSUFFICIENT_BALANCE' }), 'REFUSED'],
  ['403 QUOTA_EXCEEDED', error(403, { code: 'QUOTA_EXCEEDED' }), 'QUOTA_EXCEEDED'],
  ['404 with HTML', error(404), 'UNAVAILABLE'],
  ['407', error(407), 'REFUSED'],
  ['409 of every group', error(409, { code: 'GROUP_LOCKED' }), 'REJECTED'],
  ['421', error(421), 'REJECTED'],
  ['451', error(451), 'REJECTED'],
  ['500 with an unknown group’s code', error(500, { code: 'NOT_FOUND' }), 'UNAVAILABLE'],
  ['no connection', new UpstreamError('UNAVAILABLE', 'AnyCheck could not be reached'), 'UNAVAILABLE'],
];

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
