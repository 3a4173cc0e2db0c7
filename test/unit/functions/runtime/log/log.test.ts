import { describe, expect, it } from 'vitest';
import { UpstreamError, type UpstreamReason } from '../../../../../functions/domain/upstream/errors.ts';
import { beginRequest } from '../../../../../functions/runtime/correlation.ts';
import { count, errorFields, log, METRICS } from '../../../../../functions/runtime/log/log.ts';
import { logRefresh, STUCK_AFTER_MS } from '../../../../../functions/runtime/log/refresh-log.ts';
import { printedLines } from '../../../../fakes/printed.ts';

const lines = printedLines();

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

/** The metrics that the latest line gives to CloudWatch, with their values. */
function metrics(): Record<string, unknown> {
  const line = lines.at(-1) ?? {};
  return Object.fromEntries(Object.keys(METRICS).flatMap((name) => (name in line ? [[name, line[name]]] : [])));
}

describe('a log line', () => {
  it('without metrics is no metric line; one with metrics gives CloudWatch the unit of each, by function', () => {
    log('info', 'sweep.done', { limit: 1 });
    expect(lines[0]).not.toHaveProperty('_aws');
    log('info', 'sweep.done', { limit: 1 }, { Sweeps: 1, OldestDueSeconds: 0 });
    expect(lines[1]).toMatchObject({
      event: 'sweep.done',
      limit: 1,
      Sweeps: 1,
      OldestDueSeconds: 0,
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'AnyCheckSnapshots',
            Dimensions: [['FunctionName']],
            Metrics: [
              { Name: 'Sweeps', Unit: 'Count' },
              { Name: 'OldestDueSeconds', Unit: 'Seconds' },
            ],
          },
        ],
      },
    });
  });

  it('names the request that its function is busy with', () => {
    beginRequest('JKJaXmPLvHcESHA=');
    log('info', 'sweep.done', {});
    expect(lines[0]).toMatchObject({ request: 'JKJaXmPLvHcESHA=' });
  });

  it('with metrics reports what was counted since the one before, once', () => {
    for (let n = 0; n < 3; n++) count('AnyCheckCalls');
    log('info', 'sweep.done', {});
    expect(metrics()).toEqual({});
    log('info', 'sweep.done', {}, { Sweeps: 1 });
    expect(metrics()).toEqual({ Sweeps: 1, AnyCheckCalls: 3 });
    expect(JSON.stringify(lines.at(-1)?._aws)).toContain('{"Name":"AnyCheckCalls","Unit":"Count"}');
    log('info', 'sweep.done', {}, { Sweeps: 1 });
    expect(metrics()).toEqual({ Sweeps: 1 });
  });

  it('counts a failed refresh also by its reason', () => {
    log('warn', 'refresh.failed', { reason: 'MALFORMED' }, { FailedRefreshes: 1, Refreshes: 1 });
    expect(lines[0]).toMatchObject({
      reason: 'MALFORMED',
      _aws: {
        CloudWatchMetrics: [
          { Dimensions: [['FunctionName']], Metrics: [{ Name: 'Refreshes' }, { Name: 'FailedRefreshes' }] },
          { Dimensions: [['FunctionName', 'reason']], Metrics: [{ Name: 'FailedRefreshes' }] },
        ],
      },
    });
  });

  it('records the kind and places of an error, never its message', () => {
    const error = new SyntaxError('Unexpected token in "BUDI SANTOSO"', { cause: new TypeError('BUDI') });
    expect(errorFields(error)).toMatchObject({ error: 'SyntaxError', cause: 'TypeError', stack: expect.any(String) });
    expect(JSON.stringify(errorFields(error))).not.toContain('BUDI');
    expect(errorFields('BUDI')).toEqual({ error: 'string' });
  });
});

const OUTCOMES = { published: { Published: 1 }, revised: {}, unchanged: { Unchanged: 1 } };

describe('the line of a refresh', () => {
  it('that brought a usable answer counts it, and unknown statuses where there are any', () => {
    for (const kind of ['published', 'revised', 'unchanged'] as const) {
      logRefresh(ID, { kind, version: 2, phase: 'active', unknownStatuses: 0 });
      expect(lines.at(-1)).toMatchObject({ event: 'refresh.done', result_id: ID, outcome: kind });
      expect(metrics()).toEqual({ Refreshes: 1, Refreshed: 1, ...OUTCOMES[kind] });
    }
    logRefresh(ID, { kind: 'published', version: 2, phase: 'active', unknownStatuses: 3 });
    expect(metrics()).toEqual({ Refreshes: 1, Refreshed: 1, Published: 1, UnknownStatuses: 3 });
  });

  it('that failed counts that, and as a refresh only where AnyCheck can have received a call', () => {
    const counted: Partial<Record<UpstreamReason, object>> = {
      UNAVAILABLE: { Refreshes: 1, FailedRefreshes: 1 },
      REFUSED: { Refreshes: 1, FailedRefreshes: 1 },
      MALFORMED: { Refreshes: 1, FailedRefreshes: 1 },
      RATE_LIMITED: { FailedRefreshes: 1 },
      NO_CREDENTIALS: { FailedRefreshes: 1 },
    };
    for (const reason of ['UNAVAILABLE', 'REFUSED', 'MALFORMED', 'RATE_LIMITED', 'NO_CREDENTIALS'] as const) {
      const error = new UpstreamError(reason, 'of our own words');
      logRefresh(ID, { kind: 'failed', error, failures: 2, failingSince: Date.now() });
      expect(lines.at(-1)).toMatchObject({ event: 'refresh.failed', reason, failures: 2 });
      expect(metrics()).toEqual(counted[reason]);
    }
  });

  it('that failed says that the group is stuck where it has done so for an hour by itself, however often', () => {
    const fail = (failingSince: number | undefined, failures: number) => {
      const error = new UpstreamError('MALFORMED', 'of our own words');
      logRefresh(ID, { kind: 'failed', error, failures, failingSince });
      return 'StuckRefreshes' in metrics();
    };
    expect(fail(Date.now() - STUCK_AFTER_MS + 10_000, 1_000)).toBe(false);
    expect(fail(Date.now() - STUCK_AFTER_MS, 2)).toBe(true);
    expect(fail(undefined, 1_000)).toBe(false);
  });

  it('that brought nothing to store counts neither as good nor as failed, and a dropped message as no refresh', () => {
    for (const kind of ['not_found', 'forgotten', 'superseded'] as const) {
      logRefresh(ID, { kind });
      expect(metrics()).toEqual({ Refreshes: 1 });
    }
    logRefresh(ID, { kind: 'dropped' });
    expect(metrics()).toEqual({});
  });
});
