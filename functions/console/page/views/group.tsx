import { useMemo, useRef } from 'preact/hooks';
import { useTask } from '../api/use-task.ts';
import { useApp } from '../app-context.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Link } from '../parts/link.tsx';
import { Problem } from '../parts/problem.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { GroupActions } from './group/actions.tsx';
import { Compare } from './group/compare/compare.tsx';
import { HistoryTable } from './group/history/history-table.tsx';
import { createItemPages } from './group/items/item-pages.ts';
import { Items } from './group/items/items.tsx';
import { GroupSummary } from './group/summary.tsx';
import { Timeline } from './group/timeline/timeline.tsx';
import type { Statuses } from './group/timeline/timeline-rows.ts';
import { useGroup } from './group/use-group.ts';
import { useHistory } from './group/use-history.ts';
import type { Group } from './groups/group-pages.ts';

const TABS = [
  ['timeline', 'Timeline'],
  ['items', 'Items'],
  ['history', 'History'],
  ['compare', 'Compare'],
] as const;
type Tab = (typeof TABS)[number][0];

export function GroupView() {
  const { place } = useApp();
  const { id = '' } = place.params;
  const { data: group, error, reload } = useGroup(id);
  const isUnknown = error?.details.status === 404;
  return (
    <>
      <p>
        <Link to={{ view: 'groups', params: {} }}>All groups</Link>
      </p>
      <div class="row">
        <ViewTitle>{`Group ${id}`}</ViewTitle>
        <CopyButton text={id} label="Copy the result_id">
          Copy
        </CopyButton>
      </div>
      {isUnknown ? (
        <UnknownGroup id={id} onTracked={() => void reload()} />
      ) : (
        error && <Problem error={error} onRetry={() => void reload()} />
      )}
      {!group && !error && <p role="status">Loading</p>}
      {group && !isUnknown && <KnownGroup group={group} onChange={() => void reload()} />}
    </>
  );
}

interface UnknownProps {
  readonly id: string;
  readonly onTracked: () => void;
}

function UnknownGroup({ id, onTracked }: UnknownProps) {
  const { client, may } = useApp();
  const track = useTask(async () => {
    await client.call('POST /groups', { body: { result_ids: [id] } });
    onTracked();
  });
  return (
    <Empty title="This group is not tracked, or it is erased.">
      {may('POST /groups') ? (
        <Button kind="primary" isBusy={track.isRunning} onPress={() => void track.run()}>
          Track it
        </Button>
      ) : (
        <p>An operator can track it.</p>
      )}
      {track.error && <Problem error={track.error} />}
    </Empty>
  );
}

interface KnownProps {
  readonly group: Group;
  readonly onChange: () => void;
}

function KnownGroup({ group, onChange }: KnownProps) {
  const { client, place } = useApp();
  const pages = useMemo(() => createItemPages(client), [client]);
  const statuses = useRef(new Map<number, Statuses>());
  const { data: history, error, reload } = useHistory(group);
  const tab: Tab = TABS.find(([one]) => one === place.params.tab)?.[0] ?? 'timeline';
  return (
    <>
      <section class="panel stack" aria-label="State">
        <GroupSummary group={group} />
        <GroupActions group={group} versions={history?.versions ?? []} onChange={onChange} />
      </section>
      <section class="panel">
        <nav class="tabs" aria-label="Parts of the group">
          {TABS.map(([one, title]) => (
            <Link key={one} to={{ view: 'group', params: { id: group.result_id, tab: one } }} isCurrent={one === tab}>
              {title}
            </Link>
          ))}
        </nav>
        {error && <Problem error={error} onRetry={() => void reload()} />}
        {tab === 'items' && <Items group={group} pages={pages} />}
        {tab !== 'items' && !history && !error && <p role="status">Loading</p>}
        {tab === 'timeline' && history && <Timeline group={group} history={history} known={statuses.current} />}
        {tab === 'history' && history && <HistoryTable group={group} history={history} />}
        {tab === 'compare' && history && <Compare group={group} history={history} pages={pages} />}
      </section>
    </>
  );
}
