import { useRef, useState } from 'preact/hooks';
import { type Loaded, useLoad } from '../../../api/use-load.ts';
import { useApp } from '../../../app-context.ts';
import type { Statuses } from './timeline-rows.ts';

interface LoadedStatuses extends Loaded<ReadonlyMap<number, Statuses>> {
  readonly progress: { readonly done: number; readonly total: number };
}

/** Loads the statuses of whole versions, each once. @param versions their numbers. */
export function useStatuses(resultId: string, versions: readonly number[]): LoadedStatuses {
  const { client } = useApp();
  const known = useRef(new Map<number, Statuses>());
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const loaded = useLoad(
    `statuses ${resultId}`,
    async (signal) => {
      const missing = versions.filter((version) => !known.current.has(version));
      let done = 0;
      setProgress({ done, total: missing.length });
      await Promise.all(
        missing.map(async (version) => {
          const input = { parameters: { result_id: resultId }, query: { version: String(version) } };
          const { body } = await client.call('GET /groups/{result_id}/statuses', input, { signal });
          known.current.set(version, new Map(body.items.map(({ id, status }) => [id, status])));
          setProgress({ done: ++done, total: missing.length });
        }),
      );
      return new Map(known.current);
    },
    versions.join(),
  );
  return { ...loaded, progress };
}
