import { useRef } from 'preact/hooks';
import type { Body } from '../../api/route-types.ts';
import { type Loaded, useLoad } from '../../api/use-load.ts';
import { useApp } from '../../app-context.ts';
import type { Group } from '../groups/use-groups.ts';

export type Version = Body<'GET /groups/{result_id}/history'>['items'][number];

export interface History {
  /** Newest first. */
  readonly versions: readonly Version[];
  /** Whether the oldest version is the oldest that the service keeps. */
  readonly isComplete: boolean;
}

const PAGE = '100';
const MAX_PAGES = 20;

/** Loads the versions of a group. After a new version, only the pages with unknown versions are loaded. */
export function useHistory({ result_id, version }: Group): Loaded<History> {
  const { client } = useApp();
  const known = useRef<History>({ versions: [], isComplete: false });
  return useLoad(
    `history ${result_id}`,
    async (signal) => {
      const before = known.current;
      const newest: Version[] = [];
      let cursor: string | null | undefined;
      for (let page = 1; cursor !== null && page <= MAX_PAGES; page++) {
        const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
        const input = { parameters: { result_id }, query };
        const { body } = await client.call('GET /groups/{result_id}/history', input, { signal });
        newest.push(...body.items);
        cursor = body.next_cursor;
        const oldest = newest.at(-1)?.version ?? 0;
        if (before.isComplete && before.versions.some((one) => one.version >= oldest)) break;
      }
      const oldest = newest.at(-1)?.version ?? 0;
      const older = before.versions.filter((one) => one.version < oldest);
      const isComplete = cursor === null || (before.isComplete && older.length > 0);
      known.current = { versions: [...newest, ...older], isComplete };
      return known.current;
    },
    String(version),
  );
}
