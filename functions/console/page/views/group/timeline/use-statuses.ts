import { useState } from 'preact/hooks';
import { type Loaded, useLoad } from '../../../api/use-load.ts';
import { useApp } from '../../../app-context.ts';
import type { Version } from '../load-history.ts';
import { loadStatuses, type Progress, type TimelineContent } from './load-statuses.ts';
import type { Statuses } from './timeline-rows.ts';

const EXPIRED = 410;

interface LoadedStatuses extends Loaded<TimelineContent<Version>> {
  readonly progress: Progress;
}

/** Loads what the timeline shows. @param versions oldest first. @param known statuses that were read before. */
export function useStatuses(
  resultId: string,
  versions: readonly Version[],
  known: Map<number, Statuses>,
): LoadedStatuses {
  const { client } = useApp();
  const [progress, onProgress] = useState<Progress>({ done: 0, total: 0 });
  const loaded = useLoad(
    `statuses ${resultId}`,
    (signal) => {
      const read = async (version: number) => {
        const input = { parameters: { result_id: resultId }, query: { version: String(version) } };
        const options = { signal, accepts: [EXPIRED] };
        const { status, body } = await client.call('GET /groups/{result_id}/statuses', input, options);
        return status === EXPIRED ? undefined : new Map(body.items.map(({ id, status: one }) => [id, one]));
      };
      return loadStatuses({ read, known, onProgress }, versions);
    },
    String(versions.at(-1)?.version),
  );
  return { ...loaded, progress };
}
