import { describe, expect, it } from 'vitest';
import type { Schedule, StoredGroup, Tracked } from '../../../../../functions/domain/group/schedule.ts';
import type { Snapshot } from '../../../../../functions/domain/group/snapshot.ts';
import { nextStep, type ReadStep, type Situation } from '../../../../../functions/domain/read/next-step.ts';
import type { RefreshResult } from '../../../../../functions/domain/refresh/refresh.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { scheduleAt } from '../../../../fakes/schedule.ts';

const CAME = 1_000_000;
const NOW = CAME + 200;

const snapshot: Snapshot = {
  version: 3,
  revision: 3,
  since: 3,
  publishedAt: CAME - 60_000,
  began: CAME - 90_000,
  fetchedAt: CAME - 60_000,
  revisedAt: CAME - 60_000,
  totalText: '0',
  overallStatusText: '"COMPLETED"',
  phase: 'settled',
  hadItems: true,
  isRedacted: false,
  content: 'content',
  bytes: 'bytes',
  inline: new Uint8Array(),
  pages: [],
};
const tracked = (more: Partial<Tracked> = {}): Tracked => ({ ...scheduleAt(CAME - 90_000, CAME + 5_000), ...more });
const tombstone: Schedule = { ...scheduleAt(CAME - 90_000, undefined), kind: 'tombstone', isFenced: true };
const group = (schedule: Schedule | undefined, served?: Snapshot): StoredGroup => ({
  schedule,
  revision: served?.revision ?? 0,
  version: served?.version ?? 0,
  publishedAt: served?.publishedAt ?? 0,
  snapshot: served,
});
const failed = (reason: UpstreamError['reason'], retryAfter?: number): RefreshResult => ({
  kind: 'failed',
  error: new UpstreamError(reason, 'of the test', { retryAfter }),
  failures: 1,
  failingSince: undefined,
});

/** A reader that sends no-cache: a snapshot that AnyCheck confirmed since the request arrived may be served. */
const situation = (more: Partial<Situation>): Situation => ({
  now: NOW,
  group: group(undefined),
  arrivedAt: CAME,
  oldest: CAME,
  isOutOfTime: false,
  hadSnapshot: false,
  wasKnown: false,
  spent: undefined,
  own: undefined,
  ...more,
});
const resultOf = (step: ReadStep) => (step.kind === 'fail' ? step.error.code : step.kind);

const KNOWN = tracked();
const LEASED = tracked({ leaseUntil: NOW + 1 });
const FAILED = tracked({ failures: 1, lastAttempt: CAME + 1, lastError: 'UNAVAILABLE' });
const FORCED = tracked({ forcedAt: NOW - 14_999 });

describe('a reader whose snapshot has to be fresher', () => {
  it.each<readonly [string, Partial<Situation>, string]>([
    ['fetches a group that is unknown', {}, 'fetch'],
    ['fetches a group that is known and has no snapshot', { group: group(KNOWN) }, 'fetch'],
    ['fetches anew where the snapshot is too old', { group: group(KNOWN, snapshot), hadSnapshot: true }, 'fetch'],
    ['waits while another run fetches', { group: group(LEASED) }, 'wait'],
    ['waits for that fetch also where the quota is spent', { group: group(LEASED), spent: 'unknown_reads' }, 'wait'],
    ['fetches once the lease is over', { group: group(tracked({ leaseUntil: NOW })) }, 'fetch'],
    ['fails where the quota is spent', { spent: 'unknown_reads' }, 'QUOTA_SPENT'],
    [
      'fetches a group that has a snapshot, whatever the quota',
      { group: group(KNOWN, snapshot), spent: 'unknown_reads' },
      'fetch',
    ],
    [
      'serves what its own fetch confirmed',
      { group: group(tracked({ confirmedAt: CAME, confirmedVersion: 3 }), snapshot) },
      'serve',
    ],
    ['serves what another run published since', { group: group(KNOWN, { ...snapshot, fetchedAt: CAME }) }, 'serve'],
    [
      'serves any snapshot where any is good enough',
      { group: group(KNOWN, snapshot), oldest: Number.NEGATIVE_INFINITY },
      'serve',
    ],
    ['serves the old snapshot when its time is over', { group: group(KNOWN, snapshot), isOutOfTime: true }, 'serve'],
    [
      'fails when its time is over without a snapshot',
      { group: group(LEASED), isOutOfTime: true },
      'UPSTREAM_UNAVAILABLE',
    ],
    ['serves the old snapshot where another run has failed since it came', { group: group(FAILED, snapshot) }, 'serve'],
    ['fails where another run has failed since it came', { group: group(FAILED) }, 'UPSTREAM_UNAVAILABLE'],
    ['fetches where that failure was before it came', { group: group({ ...FAILED, lastAttempt: CAME - 1 }) }, 'fetch'],
    [
      'serves the snapshot where a reader forced a fetch less than 15 s ago',
      { group: group(FORCED, snapshot) },
      'serve',
    ],
    ['fetches where that was 15 s ago', { group: group({ ...FORCED, forcedAt: NOW - 15_000 }, snapshot) }, 'fetch'],
    [
      'fails where AnyCheck did not know it less than 15 s ago',
      { group: group({ ...FORCED, lastError: 'NOT_FOUND' }) },
      'UNKNOWN_GROUP',
    ],
    ['serves at once what waits for its redaction', { group: group(tracked({ redactedAt: CAME }), snapshot) }, 'serve'],
    [
      'fetches what is redacted already',
      { group: group(tracked({ redactedAt: 1 }), { ...snapshot, isRedacted: true }) },
      'fetch',
    ],
    ['fails where AnyCheck does not know the group', { own: { kind: 'not_found' } }, 'UNKNOWN_GROUP'],
    ['fails where another run found that out', { wasKnown: true }, 'UNKNOWN_GROUP'],
    ['fetches a group that was only dropped', { wasKnown: true, hadSnapshot: true }, 'fetch'],
    ['fails where the group was erased', { group: group(tombstone), own: failed('UNAVAILABLE') }, 'ERASED_GROUP'],
    [
      'serves the old snapshot where its own fetch failed',
      { group: group(KNOWN, snapshot), own: failed('TIMED_OUT') },
      'serve',
    ],
    ['fails where its own fetch failed', { group: group(KNOWN), own: failed('TIMED_OUT') }, 'UPSTREAM_UNAVAILABLE'],
  ])('%s', (_, more, expected) => {
    expect(resultOf(nextStep(situation(more)))).toBe(expected);
  });

  it.each([
    [undefined, 15],
    [0, 1],
    [2.2, 3],
    [90, 90],
  ])('fails with the Retry-After that AnyCheck named (%s s), else with 15 s', (upstreamRetryAfter, retryAfter) => {
    const step = nextStep(situation({ group: group(KNOWN), own: failed('THROTTLED', upstreamRetryAfter) }));
    expect(step).toMatchObject({ kind: 'fail', error: { code: 'UPSTREAM_UNAVAILABLE', retryAfter } });
  });

  it('names the time of the next possible call where AnyCheck did not know the group a moment ago', () => {
    const unknown = group(tracked({ forcedAt: NOW - 4_500, lastError: 'NOT_FOUND', failures: 1 }));
    const step = nextStep(situation({ group: unknown }));
    expect(step).toMatchObject({ kind: 'fail', error: { code: 'UNKNOWN_GROUP', retryAfter: 11 } });
    expect(step).toHaveProperty('error.message', expect.stringContaining('when the service last called it'));
  });
});
