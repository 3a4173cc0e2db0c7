import { type Operation, UNKNOWN_PARAMETER } from './operation.ts';

export const health: Operation = {
  description: 'Reads the service’s table once, for a monitor without credentials. The call does not use AnyCheck.',
  answers: { 200: { status: 'ok' } },
  failures: {
    400: UNKNOWN_PARAMETER,
    503: { error_code: 'INTERNAL_SERVER_ERROR', message: 'The service cannot read its table.' },
  },
};

const report = {
  status: 'ok',
  table: { status: 'ok' },
  anycheck: {
    status: 'ok',
    circuit: 'closed',
    credentials_refused: false,
    reason: null,
    paused_until: null,
    failures: 0,
    failing_since: null,
  },
  oldest_due: { status: 'ok', seconds_late: 0 },
  announcements: { status: 'ok', seconds_late: 0, bus_failed_at: null },
  dead_letters: { status: 'ok', messages: 0 },
  webhooks: { status: 'ok', seconds_late: 0, dead_letters: 0 },
  last_sweep: { status: 'ok', ended_at: '2026-11-29T00:06:40.274Z' },
};

export const deepHealth: Operation = {
  description:
    'Reports the table, AnyCheck, the oldest due group, the announcements, the dead letters and the last sweep. The ' +
    'report describes AnyCheck by the last calls to it, and makes no call.',
  answers: {
    200: report,
    503: {
      error_code: 'INTERNAL_SERVER_ERROR',
      message: 'Failing: last_sweep.',
      ...report,
      status: 'failing',
      last_sweep: { status: 'failing', ended_at: '2026-11-28T23:06:40.274Z' },
    },
  },
  failures: { 400: UNKNOWN_PARAMETER },
};
