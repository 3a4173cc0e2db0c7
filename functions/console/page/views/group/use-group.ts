import { useRef } from 'preact/hooks';
import type { Loaded } from '../../api/use-load.ts';
import { usePoll } from '../../api/use-poll.ts';
import { useApp } from '../../app-context.ts';
import type { Group } from '../groups/group-pages.ts';

interface Kept {
  readonly id: string;
  readonly etag: string | undefined;
  readonly body: Group;
}

/** Loads the state of a group, and again every 10 seconds. An unchanged answer is not sent again. */
export function useGroup(id: string): Loaded<Group> {
  const { client } = useApp();
  const last = useRef<Kept | undefined>(undefined);
  return usePoll(id, async (signal) => {
    const before = last.current?.id === id ? last.current : undefined;
    const input = { parameters: { result_id: id } };
    const { status, headers, body } = await client.call('GET /groups/{result_id}', input, {
      signal,
      etag: before?.etag,
    });
    if (status === 304 && before) return before.body;
    last.current = { id, etag: headers.get('etag') ?? undefined, body };
    return body;
  });
}
