import { useTask } from '../api/use-task.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { State } from '../parts/status.tsx';
import { Time } from '../parts/time.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { HealthTiles } from './health/health-tiles.tsx';
import { TONES } from './health/tones.ts';
import { useHealth } from './health/use-health.ts';

const MEANINGS = {
  ok: 'Everything works.',
  degraded: 'The service answers. Some work waits, or a part is unknown.',
  failing: 'The service needs an operator.',
} as const;

export function HealthView() {
  const { data, error, reload } = useHealth();
  const refresh = useTask(reload);
  return (
    <>
      <div class="row between">
        <ViewTitle>Health</ViewTitle>
        <Button isBusy={refresh.isRunning} onPress={() => void refresh.run()}>
          Refresh
        </Button>
      </div>
      {error && <Problem error={error} onRetry={() => void reload()} />}
      {!data && !error && <p role="status">Loading</p>}
      {data && (
        <>
          <p class="row">
            <span role="status">
              <State tone={TONES[data.report.status]}>{data.report.status}</State> {MEANINGS[data.report.status]}
            </span>
            <span class="quiet-text">
              Read <Time at={data.at} />, and again every 30 seconds while this tab is visible.
            </span>
          </p>
          <HealthTiles report={data.report} />
        </>
      )}
    </>
  );
}
