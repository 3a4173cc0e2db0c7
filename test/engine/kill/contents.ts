import { createHash } from 'node:crypto';
import { verification } from '../../fakes/anycheck.ts';

/** Of a group: a few items in one row, many in pages, many with signed links, or none. */
export type Kind = 'none' | 'few' | 'many' | 'linked';

/** Items of a large group. More of them make more pages, and more writes to die at. */
const MANY = Number(process.env.KILL_ITEMS ?? 90);
const COUNT = { none: 0, few: 3, many: MANY, linked: MANY };

/** The hash of an id says whether it ends a page: among the first 90 of these, two do. */
const idOf = (i: number) => `s${i}`;
/** What packs too badly for many to stand in one row. */
const filler = (id: string) => createHash('shake256', { outputLength: 192 }).update(id).digest('base64');

/**
 * A group's n-th list at AnyCheck: its first and its last item tell which, so that pages of two lists are seen to be mixed,
 * and pages in between are kept. Of links, each tells it, so that a page of two lists is seen.
 */
export function contents(kind: Kind, n: number): string[] {
  const count = COUNT[kind];
  return Array.from({ length: count }, (_, i) => {
    const id = idOf(i);
    const link = `"output_file_url":"https://files.example/${id}?signature=${n}","filler":"${filler(id)}"`;
    const more = i === 0 || i === count - 1 ? `"n":${n}` : `"filler":"${filler(id)}"`;
    return verification(id, 'IN_PROGRESS', `,${kind === 'linked' ? link : more}`);
  });
}
