import { useRef, useState } from 'preact/hooks';
import type { Client } from '../../../api/client.ts';
import { type Loaded, useLoad } from '../../../api/use-load.ts';
import { useApp } from '../../../app-context.ts';
import type { Statuses } from './timeline-rows.ts';

interface Needed {
  readonly version: number;
  /** How many verifications it has. */
  readonly total: number;
}

interface LoadedStatuses extends Loaded<ReadonlyMap<number, Statuses>> {
  readonly progress: { readonly done: number; readonly total: number };
}

const PAGE = 100;

/** Loads the statuses of whole versions, each once. */
export function useStatuses(resultId: string, needed: readonly Needed[]): LoadedStatuses {
  const { client } = useApp();
  const known = useRef(new Map<number, Statuses>());
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const loaded = useLoad(
    needed.length === 0 ? undefined : `statuses ${resultId}`,
    async (signal) => {
      const missing = needed.filter(({ version }) => !known.current.has(version));
      const total = missing.reduce((sum, one) => sum + pagesOf(one), 0);
      let done = 0;
      await Promise.all(
        missing.map(async (one) => {
          const statuses = await statusesOf(client, resultId, one, signal, () => setProgress({ done: ++done, total }));
          known.current.set(one.version, statuses);
        }),
      );
      return new Map(known.current);
    },
    needed.map(({ version }) => version).join(),
  );
  return { ...loaded, progress };
}

const pagesOf = ({ total }: Needed) => Math.ceil(total / PAGE);

async function statusesOf(
  client: Client,
  resultId: string,
  { version, total }: Needed,
  signal: AbortSignal,
  onPage: () => void,
): Promise<Statuses> {
  const pages = await Promise.all(
    Array.from({ length: pagesOf({ version, total }) }, async (_, page) => {
      const query = {
        result_id: resultId,
        snapshot_version: String(version),
        page_offset: String(page * PAGE),
        page_size: String(PAGE),
      };
      const { body } = await client.call('GET /verifications', { query }, { signal });
      onPage();
      return body.items.map(({ id, status }) => [id, status ?? null] as const);
    }),
  );
  return new Map(pages.flat());
}
