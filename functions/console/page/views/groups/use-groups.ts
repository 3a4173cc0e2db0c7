import { useRef } from 'preact/hooks';
import { PHASES } from '../../../../domain/group/phase.ts';
import type { CallError } from '../../api/call-error.ts';
import type { Input } from '../../api/route-types.ts';
import { usePoll } from '../../api/use-poll.ts';
import { type Task, useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { type Group, type GroupPage, groupsIn, readGroupPages } from './group-pages.ts';

export interface Groups {
  /** Names the filter of the list. */
  readonly key: string;
  /** Undefined before the first answer. */
  readonly groups: readonly Group[] | undefined;
  readonly error: CallError | undefined;
  readonly reload: () => Promise<void>;
  /** Shows one page more; undefined at the end of the list. */
  readonly more: Task<[]> | undefined;
}

interface Shown {
  readonly key: string;
  /** How many pages the user has opened. */
  readonly count: number;
  readonly pages: readonly GroupPage[];
}

const PAGE = '50';

/** Lists the groups of the filter in the address. Every shown page is polled. */
export function useGroups(): Groups {
  const { client, place } = useApp();
  const query = queryOf(place.params);
  const key = JSON.stringify(query);
  const last = useRef<Shown>({ key, count: 1, pages: [] });
  if (last.current.key !== key) last.current = { key, count: 1, pages: [] };
  const { data, error, reload } = usePoll(key, async (signal) => {
    const { count, pages: known } = last.current;
    const readPage = (cursor: string | undefined, etag: string | undefined) =>
      client.call('GET /groups', { query: { ...query, ...(cursor !== undefined && { cursor }) } }, { signal, etag });
    const pages = await readGroupPages(readPage, count, known);
    signal.throwIfAborted();
    last.current = { ...last.current, pages };
    return pages;
  });

  const more = useTask(async () => {
    last.current = { ...last.current, count: last.current.pages.length + 1 };
    await reload();
  });
  const isEnd = (data?.at(-1)?.body.next_cursor ?? null) === null;
  return { key, groups: data && groupsIn(data), error, reload, more: isEnd ? undefined : more };
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
