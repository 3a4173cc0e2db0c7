import type { Body } from '../../api/route-types.ts';

type Page = Body<'GET /groups/{result_id}/history'>;
export type Version = Page['items'][number];

export interface History {
  /** Newest first. */
  readonly versions: readonly Version[];
  /** Whether the oldest version is the oldest that the service keeps. */
  readonly isComplete: boolean;
}

export const NO_HISTORY: History = { versions: [], isComplete: false };

const MAX_PAGES = 20;

/**
 * Loads the versions of a group, newest first, page by page. Where the older versions are known, only the pages with
 * unknown ones are read.
 * @param readPage reads the page at a cursor; undefined for the first page.
 */
export async function loadHistory(
  readPage: (cursor: string | undefined) => Promise<Page>,
  known: History,
): Promise<History> {
  const newest: Version[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { items, next_cursor } = await readPage(cursor);
    newest.push(...items);
    const oldest = newest.at(-1)?.version ?? Number.POSITIVE_INFINITY;
    if (known.versions.some(({ version }) => version >= oldest)) {
      return { ...known, versions: [...newest, ...known.versions.filter(({ version }) => version < oldest)] };
    }
    if (next_cursor === null) return { versions: newest, isComplete: true };
    cursor = next_cursor;
  }
  return { versions: newest, isComplete: false };
}
