import { useState } from 'preact/hooks';
import { PHASES } from '../../../../domain/group/phase.ts';
import type { CallError } from '../../api/call-error.ts';
import type { Body, Input } from '../../api/route-types.ts';
import { usePoll } from '../../api/use-poll.ts';
import { type Task, useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';

type Page = Body<'GET /groups'>;
export type Group = Page['items'][number];

export interface Groups {
  /** Names the filter of the list. */
  readonly key: string;
  /** Undefined before the first answer. */
  readonly groups: readonly Group[] | undefined;
  readonly error: CallError | undefined;
  readonly reload: () => Promise<void>;
  /** Loads the next page; undefined at the end of the list. */
  readonly more: Task<[]> | undefined;
}

interface Older {
  readonly key: string;
  readonly groups: readonly Group[];
  readonly cursor: string | null;
}

const PAGE = '50';

/** Lists the groups of the filter in the address. The first page is polled. */
export function useGroups(): Groups {
  const { client, place } = useApp();
  const query = queryOf(place.params);
  const key = JSON.stringify(query);
  const { data, error, reload } = usePoll('GET /groups', { query });
  const [older, setOlder] = useState<Older | undefined>();
  const rest = older?.key === key ? older : undefined;
  const cursor = rest ? rest.cursor : (data?.next_cursor ?? null);

  const more = useTask(async () => {
    if (cursor === null) return;
    const { body } = await client.call('GET /groups', { query: { ...query, cursor } });
    setOlder({ key, groups: [...(rest?.groups ?? []), ...body.items], cursor: body.next_cursor });
  });
  return {
    key,
    groups: data && withoutDuplicates([...data.items, ...(rest?.groups ?? [])]),
    error,
    reload,
    more: cursor === null ? undefined : more,
  };
}

function queryOf({
  phase,
  status,
  failing,
}: Readonly<Record<string, string>>): NonNullable<Input<'GET /groups'>['query']> {
  const known = PHASES.find((one) => one === phase);
  return {
    limit: PAGE,
    ...(known && { phase: known }),
    ...(status && { overall_status: status }),
    ...(failing && { failing: 'true' as const }),
  };
}

/** A group that changed since an older page was loaded is on both pages. The first one is newer. */
function withoutDuplicates(groups: readonly Group[]): Group[] {
  const byId = new Map<string, Group>();
  for (const group of groups) if (!byId.has(group.result_id)) byId.set(group.result_id, group);
  return [...byId.values()];
}
