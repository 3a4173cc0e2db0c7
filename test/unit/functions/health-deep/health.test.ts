import { describe, expect, it } from 'vitest';
import { type Budget, UNUSED } from '../../../../functions/domain/upstream/budget.ts';
import { failingParts, healthReport, type Readings } from '../../../../functions/health-deep/health.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const ago = (seconds: number) => NOW - seconds * 1000;
const WELL: Readings = {
  budget: { value: UNUSED },
  oldestDue: { value: undefined },
  announcements: { value: { oldestDue: undefined, busFailedAt: undefined } },
  deadLetters: { value: 0 },
  webhooks: { value: { oldestDue: undefined, deadLetters: 0 } },
  lastSweep: { value: ago(30) },
};
const report = (found: Partial<Readings> = {}) =>
  healthReport({ ...WELL, ...found }, { lateSeconds: 300, unsweptSeconds: 360 }, NOW);
const withBudget = (budget: Partial<Budget>) => report({ budget: { value: { ...UNUSED, ...budget } } });

describe('the report of how the service stands', () => {
  it('is ok where all is well', () => {
    expect(report()).toEqual({
      status: 'ok',
      table: { status: 'ok' },
      anycheck: {
        status: 'ok',
        circuit: 'closed',
        reason: null,
        credentials_refused: false,
        paused_until: null,
        failures: 0,
        failing_since: null,
      },
      oldest_due: { status: 'ok', seconds_late: 0 },
      announcements: { status: 'ok', seconds_late: 0, bus_failed_at: null },
      dead_letters: { status: 'ok', messages: 0 },
      webhooks: { status: 'ok', seconds_late: 0, dead_letters: 0 },
      last_sweep: { status: 'ok', ended_at: '2025-12-31T23:59:30.000Z' },
    });
  });

  it('reports how late the oldest due group is, and is degraded once that is later than the schedule explains', () => {
    expect(report({ oldestDue: { value: ago(300) } })).toMatchObject({
      status: 'ok',
      oldest_due: { status: 'ok', seconds_late: 300 },
    });
    expect(report({ oldestDue: { value: ago(301) } })).toMatchObject({
      status: 'degraded',
      oldest_due: { status: 'degraded', seconds_late: 301 },
    });
  });

  it('reports how late the oldest group is that is due without a call, and is degraded once the schedule does not explain it', () => {
    const waiting = (seconds: number) =>
      report({ announcements: { value: { oldestDue: ago(seconds), busFailedAt: undefined } } });
    expect(waiting(300)).toMatchObject({ status: 'ok', announcements: { status: 'ok', seconds_late: 300 } });
    expect(waiting(301)).toMatchObject({
      status: 'degraded',
      announcements: { status: 'degraded', seconds_late: 301 },
    });
  });

  it('is degraded while the event bus fails, and no more once the next attempt should have come', () => {
    const failed = (seconds: number) =>
      report({ announcements: { value: { oldestDue: undefined, busFailedAt: ago(seconds) } } });
    expect(failed(0)).toMatchObject({
      status: 'degraded',
      announcements: { status: 'degraded', seconds_late: 0, bus_failed_at: '2026-01-01T00:00:00.000Z' },
    });
    expect(failed(1199).announcements.status).toBe('degraded');
    expect(failed(1200)).toMatchObject({
      status: 'ok',
      announcements: { status: 'ok', bus_failed_at: '2025-12-31T23:40:00.000Z' },
    });
  });

  it('is degraded once a delivery is later than the schedule explains, and by a dead letter of webhooks', () => {
    const webhooks = (seconds: number, deadLetters = 0) =>
      report({ webhooks: { value: { oldestDue: ago(seconds), deadLetters } } });
    expect(webhooks(300)).toMatchObject({ status: 'ok', webhooks: { status: 'ok', seconds_late: 300 } });
    expect(webhooks(301)).toMatchObject({
      status: 'degraded',
      webhooks: { status: 'degraded', seconds_late: 301, dead_letters: 0 },
    });
    expect(webhooks(0, 1)).toMatchObject({
      status: 'degraded',
      webhooks: { status: 'degraded', seconds_late: 0, dead_letters: 1 },
    });
  });

  it('is degraded by a dead letter', () => {
    expect(report({ deadLetters: { value: 1 } })).toMatchObject({
      status: 'degraded',
      dead_letters: { status: 'degraded', messages: 1 },
    });
  });

  it('is degraded while the circuit is open, and says since when AnyCheck fails', () => {
    expect(withBudget({ probeAt: NOW, failures: 7, failingSince: ago(60) })).toMatchObject({
      status: 'degraded',
      anycheck: { status: 'degraded', circuit: 'open', failures: 7, failing_since: '2025-12-31T23:59:00.000Z' },
    });
    expect(withBudget({ pausedUntil: NOW + 1000 })).toMatchObject({
      status: 'degraded',
      anycheck: { status: 'degraded', circuit: 'closed', paused_until: '2026-01-01T00:00:01.000Z' },
    });
    expect(withBudget({ pausedUntil: NOW })).toMatchObject({
      status: 'ok',
      anycheck: { status: 'ok', paused_until: null },
    });
  });

  it('gives the reason of an open circuit, and is failing where AnyCheck refuses the account', () => {
    const open = (failingReason: Budget['failingReason']) =>
      withBudget({ probeAt: NOW, failures: 5, failingSince: ago(60), failingReason });
    for (const reason of ['UNAVAILABLE', 'TIMED_OUT', 'MALFORMED', 'REJECTED'] as const) {
      expect(open(reason)).toMatchObject({ status: 'degraded', anycheck: { circuit: 'open', reason } });
    }
    for (const reason of ['REFUSED', 'QUOTA_EXCEEDED'] as const) {
      expect(open(reason)).toMatchObject({ status: 'failing', anycheck: { circuit: 'open', reason } });
    }
    expect(withBudget({ failures: 1, failingReason: 'MALFORMED' }).anycheck).toMatchObject({
      status: 'ok',
      reason: 'MALFORMED',
    });
    expect(withBudget({ pausedUntil: NOW + 1 }).anycheck).toMatchObject({ status: 'degraded', reason: 'THROTTLED' });
  });

  it('is failing where AnyCheck refuses the credentials: nothing is refreshed before an operator replaces them', () => {
    const found = withBudget({ refused: 'version', refusedUntil: NOW });
    expect(found).toMatchObject({ status: 'failing', anycheck: { status: 'failing', credentials_refused: true } });
    expect(failingParts(found)).toEqual(['anycheck']);
  });

  it('is failing where the last good sweep is too long ago, and degraded before the first', () => {
    expect(report({ lastSweep: { value: ago(360) } })).toMatchObject({ status: 'ok' });
    expect(report({ lastSweep: { value: ago(361) } })).toMatchObject({
      status: 'failing',
      last_sweep: { status: 'failing', ended_at: '2025-12-31T23:53:59.000Z' },
    });
    expect(report({ lastSweep: { value: undefined } })).toMatchObject({
      status: 'degraded',
      last_sweep: { status: 'degraded', ended_at: null },
    });
  });

  it.each(['budget', 'oldestDue', 'announcements', 'lastSweep'] as const)(
    'is failing where the table does not give %s',
    (part) => {
      const found = report({ [part]: undefined });
      expect(found).toMatchObject({ status: 'failing', table: { status: 'failing' } });
      expect(failingParts(found)).toEqual(['table']);
    },
  );

  it('knows nothing of what could not be read', () => {
    const nothing = { budget: undefined, oldestDue: undefined, announcements: undefined, lastSweep: undefined };
    expect(report({ ...nothing, deadLetters: undefined, webhooks: undefined })).toEqual({
      status: 'failing',
      table: { status: 'failing' },
      anycheck: {
        status: 'unknown',
        circuit: null,
        reason: null,
        credentials_refused: null,
        paused_until: null,
        failures: null,
        failing_since: null,
      },
      oldest_due: { status: 'unknown', seconds_late: null },
      announcements: { status: 'unknown', seconds_late: null, bus_failed_at: null },
      dead_letters: { status: 'unknown', messages: null },
      webhooks: { status: 'unknown', seconds_late: null, dead_letters: null },
      last_sweep: { status: 'unknown', ended_at: null },
    });
    for (const queues of ['deadLetters', 'webhooks'])
      expect(report({ [queues]: undefined })).toMatchObject({ status: 'degraded', table: { status: 'ok' } });
  });
});
