import type { Body } from '../../api/route-types.ts';

type Page = Body<'GET /groups'>;
export type Group = Page['items'][number];

/** A page as it was read last. */
export interface GroupPage {
  /** Undefined for the first page. */
  readonly cursor: string | undefined;
  readonly etag: string | undefined;
  readonly body: Page;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Page;
}

/**
 * Reads the first pages of the list. Each page begins where the one before ends now, so a group that moves between them is
 * on one of them. The service confirms an unchanged page by its ETag instead of sending it again.
 * @param readPage reads the page at a cursor. @param count of pages. @param known pages of an earlier read.
 */
export async function readGroupPages(
  readPage: (cursor: string | undefined, etag: string | undefined) => Promise<Answer>,
  count: number,
  known: readonly GroupPage[],
): Promise<GroupPage[]> {
  const pages: GroupPage[] = [];
  let cursor: string | undefined;
  do {
    const before = known.find((page) => page.cursor === cursor);
    const { status, headers, body } = await readPage(cursor, before?.etag);
    const page = status === 304 && before ? before : { cursor, etag: headers.get('etag') ?? undefined, body };
    pages.push(page);
    cursor = page.body.next_cursor ?? undefined;
  } while (pages.length < count && cursor !== undefined);
  return pages;
}

/** Lists the groups of pages. A group that moves between two reads is on both pages. The first one is newer. */
export function groupsIn(pages: readonly GroupPage[]): Group[] {
  const byId = new Map<string, Group>();
  for (const group of pages.flatMap(({ body }) => body.items)) {
    if (!byId.has(group.result_id)) byId.set(group.result_id, group);
  }
  return [...byId.values()];
}
