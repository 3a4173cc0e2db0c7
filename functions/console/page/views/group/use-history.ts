import { useRef } from 'preact/hooks';
import { type Loaded, useLoad } from '../../api/use-load.ts';
import { useApp } from '../../app-context.ts';
import type { Group } from '../groups/group-pages.ts';
import { type History, loadHistory, NO_HISTORY } from './load-history.ts';

const PAGE = '100';

/** Loads the versions of a group, and the new ones after its version has changed. */
export function useHistory({ result_id, version }: Group): Loaded<History> {
  const { client } = useApp();
  const known = useRef(NO_HISTORY);
  return useLoad(
    `history ${result_id}`,
    async (signal) => {
      known.current = await loadHistory(async (cursor) => {
        const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
        const input = { parameters: { result_id }, query };
        return (await client.call('GET /groups/{result_id}/history', input, { signal })).body;
      }, known.current);
      return known.current;
    },
    String(version),
  );
}
