import { ClockTime } from '../../parts/clock-time.tsx';
import { Time } from '../../parts/time.tsx';
import { adviceFor } from './advice.ts';
import { HealthTile } from './health-tile.tsx';
import type { HealthReport } from './use-health.ts';

/** The parts of the report. A part that is unknown shows no values: they are null. */
export function HealthTiles({ report }: { readonly report: HealthReport }) {
  const { table, anycheck, oldest_due, announcements, dead_letters, webhooks, last_sweep } = report;
  return (
    <ul class="tiles plain">
      <HealthTile
        title="AnyCheck"
        status={anycheck.status}
        facts={[
          ['Circuit breaker', anycheck.circuit],
          ['Rate limiter', limiter(anycheck)],
          ['Credentials', anycheck.credentials_refused ? 'refused' : 'not refused'],
          ['Failures in a row', anycheck.failures],
          ['Last reason', anycheck.reason ?? 'none'],
          ['Failing since', <Time key="since" at={anycheck.failing_since} none="not failing" />],
        ]}
        advice={adviceFor('anycheck', anycheck)}
      />
      <HealthTile
        title="Refreshes"
        status={oldest_due.status}
        facts={[['Oldest due group', late(oldest_due.seconds_late)]]}
        advice={adviceFor('oldest_due', oldest_due)}
      />
      <HealthTile
        title="Last sweep"
        status={last_sweep.status}
        facts={[['Ended', <Time key="ended" at={last_sweep.ended_at} />]]}
        advice={adviceFor('last_sweep', last_sweep)}
      />
      <HealthTile
        title="Dead letters"
        status={dead_letters.status}
        facts={[['Messages', dead_letters.messages]]}
        advice={adviceFor('dead_letters', dead_letters)}
      />
      <HealthTile
        title="Events"
        status={announcements.status}
        facts={[
          ['Oldest due event', late(announcements.seconds_late)],
          ['Event bus failed', <Time key="bus" at={announcements.bus_failed_at} none="not lately" />],
        ]}
        advice={adviceFor('announcements', announcements)}
      />
      <HealthTile
        title="Webhooks"
        status={webhooks.status}
        facts={[
          ['Oldest due delivery', late(webhooks.seconds_late)],
          ['Dead letters', webhooks.dead_letters],
        ]}
        advice={adviceFor('webhooks', webhooks)}
      />
      <HealthTile
        title="Table"
        status={table.status}
        facts={[['Reads', table.status === 'ok' ? 'succeed' : 'fail']]}
        advice={adviceFor('table', table)}
      />
    </ul>
  );
}

const late = (seconds: number | null) => `${seconds} s late`;

function limiter({ paused_until }: HealthReport['anycheck']) {
  if (paused_until === null) return 'calls are allowed';
  return (
    <>
      all calls are paused, and go on <ClockTime at={paused_until} />
    </>
  );
}
