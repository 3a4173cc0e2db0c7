import { describe, expect, it } from 'vitest';
import {
  type Group,
  groupsIn,
  readGroupPages,
} from '../../../../../../../functions/console/page/views/groups/group-pages.ts';

const PAGE = 2;
const groupOf = (id: string, changes: Partial<Group> = {}): Group => ({
  result_id: id,
  version: 1,
  phase: 'active',
  overall_status: 'IN_PROGRESS',
  status_counts: {},
  total: 0,
  redacted: false,
  first_seen: '2026-11-29T00:00:00.000Z',
  last_change: '2026-11-29T00:00:00.000Z',
  last_success: null,
  last_attempt: null,
  next_refresh: null,
  last_error: null,
  failing_since: null,
  ...changes,
});

/** A service whose cursor is the id of the last group before a page. A page's ETag is its body. */
function service(groups: readonly Group[]) {
  const read: string[] = [];
  return {
    read,
    async readPage(cursor: string | undefined, etag: string | undefined) {
      const first = groups.findIndex(({ result_id }) => result_id === cursor) + 1;
      const items = groups.slice(first, first + PAGE);
      const next_cursor = first + PAGE < groups.length ? (items.at(-1)?.result_id ?? null) : null;
      const body = { items, next_cursor };
      const status = etag === JSON.stringify(body) ? 304 : 200;
      read.push(`${cursor ?? 'first'} ${status}`);
      return { status, headers: new Headers({ etag: JSON.stringify(body) }), body };
    },
  };
}

const idsIn = (pages: Parameters<typeof groupsIn>[0]) => groupsIn(pages).map(({ result_id }) => result_id);
const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((id) => groupOf(id));
const list = [a, b, c, d, e].filter((one) => one !== undefined);

describe('the pages of the list of groups', () => {
  it('are as many as the user has opened', async () => {
    expect(idsIn(await readGroupPages(service(list).readPage, 1, []))).toEqual(['a', 'b']);
    expect(idsIn(await readGroupPages(service(list).readPage, 2, []))).toEqual(['a', 'b', 'c', 'd']);
    expect(idsIn(await readGroupPages(service(list).readPage, 9, []))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('keep a group that a changed one pushes to the next page', async () => {
    const known = await readGroupPages(service(list).readPage, 2, []);
    const changed = ['c', 'a', 'b', 'd', 'e'].map((id) => groupOf(id));
    const pages = await readGroupPages(service(changed).readPage, 2, known);
    expect(idsIn(pages)).toEqual(['c', 'a', 'b', 'd']);
  });

  it('show a change of an older page, and confirm the unchanged ones', async () => {
    const failing = list.map((group) =>
      group === d ? { ...group, failing_since: '2026-11-29T00:00:00.000Z' } : group,
    );
    const known = await readGroupPages(service(failing).readPage, 3, []);
    const { readPage, read } = service(list);
    const pages = await readGroupPages(readPage, 3, known);
    expect(groupsIn(pages)).toEqual(list);
    expect(read).toEqual(['first 304', 'b 200', 'd 304']);
  });

  it('have a group once that moves while they are read', () => {
    const page = (cursor: string | undefined, items: Group[]) => ({
      cursor,
      etag: undefined,
      body: { items, next_cursor: null },
    });
    const newer = groupOf('b', { version: 2 });
    expect(groupsIn([page(undefined, [newer]), page('b', [groupOf('b'), groupOf('c')])])).toEqual([
      newer,
      groupOf('c'),
    ]);
  });
});
