import { useState } from 'preact/hooks';
import { useApp } from '../../app-context.ts';
import { SteadyTable } from '../../lists/steady-table.tsx';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Link } from '../../parts/link.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Status } from '../../parts/status.tsx';
import type { Column } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { Failure } from '../group/failure.tsx';
import type { Group } from './group-pages.ts';
import { RefreshSelected } from './refresh-selected.tsx';
import { StatusBar } from './status-bar.tsx';
import { useGroups } from './use-groups.ts';

const idOf = ({ result_id }: Group) => result_id;

const COLUMNS: readonly Column<Group>[] = [
  {
    title: 'result_id',
    cell: ({ result_id }) => (
      <Link to={{ view: 'group', params: { id: result_id } }}>
        <code>{result_id}</code>
      </Link>
    ),
  },
  { title: 'Phase', cell: ({ phase }) => phase },
  {
    title: 'Overall status',
    cell: ({ overall_status, version }) =>
      version === null ? <span class="quiet-text">not fetched yet</span> : <Status status={overall_status} />,
  },
  { title: 'Items', cell: ({ status_counts }) => <StatusBar counts={status_counts} /> },
  { title: 'Last change', cell: ({ last_change }) => <Time at={last_change} /> },
  { title: 'Confirmed', cell: ({ last_success }) => <Time at={last_success} /> },
  { title: 'Failing', cell: (group) => <Failure group={group} /> },
];

export function GroupList() {
  const { may } = useApp();
  const { key, groups, error, reload, more } = useGroups();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const mayRefresh = may('POST /groups/{result_id}/refresh');
  const ids = (groups ?? []).map(idOf);
  const chosen = ids.filter((id) => selected.has(id));

  function select(ids: readonly string[], isSelected: boolean): void {
    const next = new Set(selected);
    for (const id of ids) next[isSelected ? 'add' : 'delete'](id);
    setSelected(next);
  }
  const choice: Column<Group> = {
    title: 'Select',
    cell: ({ result_id }) => (
      <input
        type="checkbox"
        aria-label={`Select ${result_id}`}
        checked={selected.has(result_id)}
        onChange={(event) => select([result_id], event.currentTarget.checked)}
      />
    ),
  };

  if (!groups) return error ? <Problem error={error} onRetry={() => void reload()} /> : <p role="status">Loading</p>;
  return (
    <>
      {error && <Problem error={error} onRetry={() => void reload()} />}
      {mayRefresh && groups.length > 0 && (
        <RefreshSelected
          ids={chosen}
          isAll={chosen.length === groups.length}
          onSelectAll={(isSelected) => select(ids, isSelected)}
          onDone={() => void reload()}
        />
      )}
      {groups.length === 0 ? (
        <NoGroups />
      ) : (
        <SteadyTable
          list={key}
          caption="Tracked groups"
          columns={mayRefresh ? [choice, ...COLUMNS] : COLUMNS}
          rows={groups}
          keyOf={idOf}
        />
      )}
      {more && (
        <Button onPress={() => void more.run()} isBusy={more.isRunning}>
          Show more
        </Button>
      )}
    </>
  );
}

function NoGroups() {
  const { place, may, set } = useApp();
  if (Object.values(place.params).some((value) => value !== '')) {
    return (
      <Empty title="No group matches the filters.">
        <Button onPress={() => set({ phase: '', status: '', failing: '' })}>Clear the filters</Button>
      </Empty>
    );
  }
  return (
    <Empty title="No group is tracked yet.">
      <p>
        {may('POST /groups')
          ? 'Press “Track groups” and paste result_ids, or read a group with GET /verifications.'
          : 'A group appears here after a program has read it with GET /verifications.'}
      </p>
    </Empty>
  );
}
