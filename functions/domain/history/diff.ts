import { itemOf } from '../group/group.ts';
import type { Snapshot } from '../group/snapshot.ts';
import type { Verification } from '../group/verification.ts';
import { type PageReader, type Part, partsOf, readPages } from './diff-parts.ts';
import { heaviestIncreasing } from './increasing.ts';
import { patchOf } from './patch.ts';

/** How a verification differs between two snapshots of a group. */
export interface Difference {
  readonly verificationId: string;
  readonly change: 'added' | 'removed' | 'moved' | 'changed';
  /** How many items come before it in each snapshot; null where that snapshot does not have it. */
  readonly fromIndex: number | null;
  readonly toIndex: number | null;
  /** For a changed verification: whether it moved, too. */
  readonly moved?: boolean;
  /** For a changed verification: the text of its RFC 6902 patch, which includes renewed links. */
  readonly patch?: string;
}

const NO_CHANGE = '[]';

/**
 * Returns the differences between two snapshots: first the removed verifications in their old order, then all others
 * that differ in their new order. A client gets the new order as follows: it takes out removed and moved verifications,
 * then inserts added and moved ones at their indices, in this order. As few verifications as possible count as moved.
 * Renewed links alone, or another spelling of the same values, are no difference.
 */
export async function diffOf(
  from: Pick<Snapshot, 'inline' | 'pages'>,
  to: Pick<Snapshot, 'inline' | 'pages'>,
  reading: PageReader,
): Promise<Difference[]> {
  const before = await partsOf(from, to.pages, reading);
  const after = await partsOf(to, from.pages, reading);
  const old = new Map(before.map((part) => [part.key, part]));
  const remaining = new Set(after.map(({ key }) => key));
  const staying = stayingOf(old, after);

  const moved = after.flatMap(({ key, page }) => (page && !staying.has(key) ? page : []));
  const read = await readPages(moved, reading);
  const itemsOf = ({ items, page }: Part) => items ?? (page && read.get(page.hash)) ?? [];

  const removed = before.filter(({ key }) => !remaining.has(key));
  return [
    ...removed.flatMap((part) => itemsOf(part).map(({ id }, i) => only(id, 'removed', part.start + i, null))),
    ...after.flatMap((part) => {
      const was = old.get(part.key);
      if (!was) return itemsOf(part).map(({ id }, i) => only(id, 'added', null, part.start + i));
      const befores = itemsOf(was);
      return itemsOf(part).flatMap((item, i) =>
        between(befores[i] ?? item, item, was.start + i, part.start + i, !staying.has(part.key)),
      );
    }),
  ];
}

/** Returns the keys of the parts that both snapshots have and that need not move. */
function stayingOf(old: ReadonlyMap<string, Part>, after: readonly Part[]): Set<string> {
  const common = after.flatMap(({ key, count }) => {
    const was = old.get(key);
    return was ? { key, at: was.start, weight: count } : [];
  });
  return new Set(heaviestIncreasing(common).flatMap((i) => common[i]?.key ?? []));
}

const only = (
  verificationId: string,
  change: 'added' | 'removed',
  fromIndex: number | null,
  toIndex: number | null,
): Difference => ({ verificationId, change, fromIndex, toIndex });

function between(
  old: Verification,
  now: Verification,
  fromIndex: number,
  toIndex: number,
  moved: boolean,
): Difference[] {
  const indices = { verificationId: now.id, fromIndex, toIndex };
  const isSame = old.text === now.text || itemOf(old).hash === itemOf(now).hash;
  const patch = isSame ? NO_CHANGE : patchOf(old.text, now.text);
  if (patch !== NO_CHANGE) return [{ ...indices, change: 'changed', moved, patch }];
  return moved ? [{ ...indices, change: 'moved' }] : [];
}
