import { useState } from 'preact/hooks';
import { SteadyTable } from '../../../lists/steady-table.tsx';
import { Button } from '../../../parts/button.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Link } from '../../../parts/link.tsx';
import { Status } from '../../../parts/status.tsx';
import type { Column } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import type { Group } from '../../groups/group-pages.ts';
import type { History, Version } from '../load-history.ts';
import { Transitions } from './transitions.tsx';

const PAGE = 50;

interface Props {
  readonly group: Group;
  readonly history: History;
}

/** The versions of a group, newest first, with what each changed. */
export function HistoryTable({ group, history: { versions, isComplete } }: Props) {
  const [shown, setShown] = useState(PAGE);
  const id = group.result_id;
  const numbers = new Set(versions.map(({ version }) => version));
  const columns: readonly Column<Version>[] = [
    { title: 'Version', cell: ({ version }) => String(version), isNumber: true },
    { title: 'Published', cell: ({ at }) => <Time at={at} /> },
    { title: 'Confirmed until', cell: ({ confirmed_until }) => <Time at={confirmed_until} /> },
    { title: 'Overall status', cell: ({ overall_status }) => <Status status={overall_status} /> },
    { title: 'Phase', cell: ({ phase }) => phase },
    { title: 'Items', cell: ({ total }) => String(total), isNumber: true },
    {
      title: 'Added, removed, changed',
      cell: ({ added, removed, changed }) => `+${added} −${removed} ~${changed}`,
      isNumber: true,
    },
    { title: 'Transitions', cell: ({ transitions }) => <Transitions transitions={transitions} /> },
    {
      title: 'Open',
      cell: ({ version }) => (
        <span class="row">
          <Link to={{ view: 'group', params: { id, tab: 'items', version: String(version) } }}>
            Items<span class="hidden-text">{` of version ${version}`}</span>
          </Link>
          {numbers.has(version - 1) && (
            <Link
              to={{
                view: 'group',
                params: { id, tab: 'compare', from: String(version - 1), to: String(version) },
              }}
            >
              Compare<span class="hidden-text">{` version ${version - 1} with ${version}`}</span>
            </Link>
          )}
        </span>
      ),
    },
  ];
  if (versions.length === 0) {
    return (
      <Empty title="There is no version yet.">
        <p>The history begins with the first successful refresh.</p>
      </Empty>
    );
  }
  return (
    <>
      <SteadyTable
        list={id}
        caption="Versions, newest first"
        columns={columns}
        rows={versions.slice(0, shown)}
        keyOf={({ version }) => String(version)}
      />
      {shown < versions.length && <Button onPress={() => setShown(shown + PAGE)}>Show more</Button>}
      {!isComplete && (
        <p>Older versions are not shown. The API lists them: GET /groups/&#123;result_id&#125;/history.</p>
      )}
    </>
  );
}
