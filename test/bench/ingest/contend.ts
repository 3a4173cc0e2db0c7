import * as z from 'zod';
import { changeRow } from '../../../functions/adapters/dynamodb/change-rows.ts';
import { currentRow } from '../../../functions/adapters/dynamodb/layout/content-row.ts';
import { pageSks } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { scheduleRow } from '../../../functions/adapters/dynamodb/layout/schedule-row.ts';
import { cut, pageRow, ROOM } from '../../../functions/adapters/dynamodb/page-rows.ts';
import { changeOf } from '../../../functions/domain/group/change.ts';
import { bytesHash, contentHash } from '../../../functions/domain/group/group.ts';
import { layOut } from '../../../functions/domain/group/pages.ts';
import type { Snapshot } from '../../../functions/domain/group/snapshot.ts';
import { parseListing } from '../../../functions/domain/group/verification.ts';
import { type ConsistentFetch, fetchConsistent } from '../../../functions/domain/refresh/fetch-consistent.ts';
import type { AnyCheck } from '../../../functions/domain/upstream/anycheck.ts';
import type { Contend } from '../cpu/child.ts';
import { List } from '../warm-read/rivals.ts';
import { marshalled, type Row } from './marshalled.ts';
import { storedSize } from './stored-size.ts';

const NOW = 1_786_672_800_000;
const PAGE = 100;
const Input = z.object({ resultId: z.string(), bodies: z.array(z.string()) });
type Input = z.output<typeof Input>;

/** The fetch of a refresh, from AnyCheck's answers. It fetches an unknown group of several pages twice. */
async function fetched({ resultId, bodies }: Input, known?: string): Promise<ConsistentFetch> {
  const anycheck: AnyCheck = { list: async (id, { offset }) => parseListing(bodies[offset / PAGE] ?? '', id) };
  const { signal } = new AbortController();
  const outcome = await fetchConsistent(anycheck, resultId, known, { signal, now: () => NOW });
  if ('error' in outcome) throw outcome.error;
  return outcome;
}

/** All rows of a group that is published for the first time. */
async function published(input: Input): Promise<Row[]> {
  const { resultId } = input;
  const { group } = await fetched(input);
  const { inline, pages, added } = layOut(group.items, 1, [], ROOM);
  const snapshot: Snapshot = {
    version: 1,
    revision: 1,
    since: 1,
    publishedAt: NOW,
    began: NOW,
    fetchedAt: NOW,
    revisedAt: NOW,
    totalText: group.totalText,
    overallStatusText: group.overallStatusText,
    phase: 'settled',
    hadItems: true,
    isRedacted: false,
    content: contentHash(group),
    bytes: bytesHash(group),
    inline,
    pages,
  };
  const rows: object[] = [
    scheduleRow(resultId, { firstSeen: NOW, due: NOW }),
    currentRow(resultId, snapshot),
    changeRow(resultId, snapshot, { ...changeOf([], group.items), previousPhase: undefined, statusCounts: [] }),
    ...added.flatMap((page) =>
      cut(page.packed, page.rows).map((part, i) => pageRow(resultId, pageSks(page)[i] ?? '', part)),
    ),
  ];
  return rows.map(marshalled);
}

/** A row for each verification, its fields as they are, and one for the group. */
async function rowEach({ resultId, bodies }: Input): Promise<Row[]> {
  const lists = bodies.map((body) => List.parse(JSON.parse(body)));
  const [first] = lists;
  const group = { pk: resultId, sk: 'group', total: first?.total, overall_status: first?.overall_status };
  const items = lists.flatMap((list) => list.items).map((item) => ({ pk: resultId, sk: `item#${item.id}`, ...item }));
  return [group, ...items].map(marshalled);
}

const sized = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + storedSize(row), 0);

export const contend: Contend = async (name, given) => {
  const input = Input.parse(given);
  if (name === 'published') return { call: () => published(input), outcome: sized(await published(input)) };
  if (name === 'rowEach') return { call: () => rowEach(input), outcome: sized(await rowEach(input)) };
  const known = contentHash((await fetched(input)).group);
  return { call: () => fetched(input, known), outcome: 0 };
};
