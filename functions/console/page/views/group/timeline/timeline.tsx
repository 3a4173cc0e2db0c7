import { useMemo, useState } from 'preact/hooks';
import { Empty } from '../../../parts/empty.tsx';
import { Field } from '../../../parts/field.tsx';
import { Link } from '../../../parts/link.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { Progress } from '../../../parts/progress.tsx';
import { Status } from '../../../parts/status.tsx';
import { Time, useNow } from '../../../parts/time.tsx';
import type { Group } from '../../groups/group-pages.ts';
import type { History, Version } from '../load-history.ts';
import { Chart } from './chart.tsx';
import type { TimelineContent } from './load-statuses.ts';
import { timeRange } from './time-range.ts';
import { type Statuses, timelineRows } from './timeline-rows.ts';
import { useStatuses } from './use-statuses.ts';

interface Props {
  readonly group: Group;
  readonly history: History;
  /** Statuses that were read before. They outlive this tab. */
  readonly known: Map<number, Statuses>;
}

/** The status of each verification over time. */
export function Timeline({ group, history, known }: Props) {
  const newestLast = useMemo(() => history.versions.toReversed(), [history]);
  const { data, error, reload, progress } = useStatuses(group.result_id, newestLast, known);
  if (!data) {
    if (error) return <Problem error={error} onRetry={() => void reload()} />;
    return <Progress label="Versions loaded" {...progress} />;
  }
  const { versions, statusesAt } = data;
  const [first] = versions;
  const last = versions.at(-1);
  if (!first || !last) {
    return (
      <Empty title="There is no version yet.">
        <p>The timeline begins with the first successful refresh.</p>
      </Empty>
    );
  }
  const isComplete = history.isComplete && first.version === newestLast[0]?.version;
  return (
    <div class="stack">
      {error && <Problem error={error} onRetry={() => void reload()} />}
      {!isComplete && <p>{`The timeline begins with version ${first.version}. Older versions are not shown.`}</p>}
      <KnownTimeline group={group} versions={versions} statusesAt={statusesAt} first={first} last={last} />
    </div>
  );
}

interface KnownProps extends TimelineContent<Version> {
  readonly group: Group;
  readonly first: Version;
  readonly last: Version;
}

function KnownTimeline({ group, versions, statusesAt, first, last }: KnownProps) {
  const now = useNow();
  const [chosen, setChosen] = useState<number | undefined>();
  const isOpen = group.phase !== 'settled' || group.last_error !== null;
  const range = timeRange({ first: Date.parse(first.at), last: Date.parse(last.at), isOpen, now });
  const rows = useMemo(
    () =>
      timelineRows(
        versions.map((one) => ({ ...one, at: Date.parse(one.at) })),
        statusesAt,
        range.end,
      ),
    [versions, statusesAt, range.end],
  );
  const selected = versions.find(({ version }) => version === chosen) ?? last;
  const statuses = [...new Set(rows.flatMap(({ segments }) => segments.map(({ status }) => status)))];

  return (
    <div class="stack">
      <ul class="legend" aria-label="Colours">
        {statuses.map((status) => (
          <li key={status ?? ''}>
            <Status status={status} />
          </li>
        ))}
        {group.last_error && (
          <li>
            <span class="chip failure-key">refreshes fail</span>
          </li>
        )}
      </ul>
      <Chart
        rows={rows}
        versions={versions}
        range={range}
        selectedAt={Date.parse(selected.at)}
        failingSince={group.last_error && Date.parse(group.failing_since ?? group.last_error.at)}
      />
      {versions.length > 1 && (
        <Field label={`Version ${selected.version} of ${last.version}`}>
          {(wiring) => (
            <input
              {...wiring}
              type="range"
              min={0}
              max={versions.length - 1}
              value={versions.indexOf(selected)}
              onInput={(event) => setChosen(versions[Number(event.currentTarget.value)]?.version)}
            />
          )}
        </Field>
      )}
      <p class="row">
        <span>
          Published <Time at={selected.at} />
        </span>
        <span>{`${selected.transitions.length} changed status, ${selected.added} added, ${selected.removed} removed`}</span>
        <Link to={{ view: 'group', params: { id: group.result_id, tab: 'items', version: String(selected.version) } }}>
          {`Items of version ${selected.version}`}
        </Link>
      </p>
    </div>
  );
}
