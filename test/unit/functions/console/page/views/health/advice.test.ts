import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../../../../../../functions/console/page/views/health/advice.ts';
import type { HealthReport } from '../../../../../../../functions/console/page/views/health/use-health.ts';

const AT = '2026-11-29T08:00:00.000Z';
const WELL = {
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
  last_sweep: { status: 'ok', ended_at: AT },
} as const satisfies Partial<HealthReport>;

const refused = { ...WELL.anycheck, status: 'failing', credentials_refused: true } as const;
const open = { ...WELL.anycheck, status: 'degraded', circuit: 'open', reason: 'TIMED_OUT' } as const;
const overLimit = { ...open, status: 'failing', reason: 'QUOTA_EXCEEDED' } as const;
const paused = { ...WELL.anycheck, status: 'degraded', reason: 'THROTTLED', paused_until: AT } as const;
const failing = { status: 'failing' } as const;
const degraded = { status: 'degraded' } as const;

/** Every state that has advice of its own, with a word of its text. */
const ADVICE = [
  [adviceFor('table', failing), 'DynamoDB'],
  [adviceFor('anycheck', refused), 'credentials'],
  [adviceFor('anycheck', open), 'probe'],
  [adviceFor('anycheck', overLimit), 'next month'],
  [adviceFor('anycheck', paused), 'rate limit'],
  [adviceFor('oldest_due', { ...degraded, seconds_late: 900 }), 'Groups wait'],
  [adviceFor('announcements', { ...degraded, seconds_late: 900, bus_failed_at: AT }), 'event bus'],
  [adviceFor('dead_letters', { ...degraded, messages: 1 }), 'send the messages back'],
  [adviceFor('webhooks', { ...degraded, seconds_late: 900, dead_letters: 0 }), 'slow receiver'],
  [adviceFor('webhooks', { ...degraded, seconds_late: 900, dead_letters: 1 }), 'set aside'],
  [adviceFor('last_sweep', { ...failing, ended_at: AT }), 'schedule is enabled'],
  [adviceFor('last_sweep', { ...degraded, ended_at: null }), 'No sweep has ended yet'],
  [adviceFor('oldest_due', { status: 'unknown', seconds_late: null }), 'health.unknown'],
] as const;

describe('the advice of a part of the report', () => {
  it('is none for a part that is well', () => {
    expect([
      adviceFor('table', WELL.table),
      adviceFor('anycheck', WELL.anycheck),
      adviceFor('oldest_due', WELL.oldest_due),
      adviceFor('announcements', WELL.announcements),
      adviceFor('dead_letters', WELL.dead_letters),
      adviceFor('webhooks', WELL.webhooks),
      adviceFor('last_sweep', WELL.last_sweep),
    ]).toEqual(Array(7).fill(undefined));
  });

  it('says what to do in each other state', () => {
    for (const [advice, word] of ADVICE) expect(advice?.text).toContain(word);
  });

  it('names headings that the runbook has', () => {
    const headings = readFileSync('docs/runbook.md', 'utf8').split('\n');
    for (const [advice] of ADVICE) expect(headings).toContain(`## ${advice?.runbook}`);
  });
});
