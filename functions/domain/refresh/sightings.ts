import { type Group, hasContent, type Item } from '../group/group.ts';
import type { Listing } from '../group/verification.ts';

/** A group as it was at one moment. */
interface Moment {
  readonly group: Group;
  /** When the attempt that shows it began, ms since the epoch. AnyCheck's answers are not older. */
  readonly at: number;
}

/** An attempt over all pages of a group. Its first page is a moment: one answer of AnyCheck. */
interface Attempt {
  readonly at: number;
  first: Listing | undefined;
  /** All items of the first page, where it is the whole list and names an id twice, with equal content. */
  repeating: readonly Item[] | undefined;
}

/** The latest content of an item, and the first and the last time at which it was seen. */
interface Sighting {
  readonly item: Item;
  readonly first: number;
  readonly last: number;
}

/** What the attempts of one fetch have shown of a group. */
export interface Sightings {
  /** Begins an attempt. @param at ms since the epoch. */
  begin(at: number): void;
  /** Records a page of the attempt. */
  see(listing: Listing, items: readonly Item[], isFirst: boolean): void;
  /** Takes back that the first page of the attempt is a moment: its other pages contradict it. */
  doubt(): void;
  /**
   * Returns the group at the latest moment that the pages prove: its content is that of the served snapshot, or as many
   * items as `total` says are proven at that moment.
   * @param known the content hash of the served snapshot, if there is one.
   */
  proven(known: string | undefined): Moment | undefined;
  /** Returns how many items lack a proof at the best moment so far. */
  missing(): number;
}

/**
 * Collects the pages of several attempts until they prove a moment. An item that a page shows existed at the time of that
 * page. An item that was seen before and after a page, with the same content, existed at the time of that page, too. So
 * where as many items existed at the time of an attempt's first page as that page's `total` says, these are the whole group
 * at that time. It does not matter in which order AnyCheck lists the items, or whether some were inserted since.
 */
export function sightings(): Sightings {
  const attempts: Attempt[] = [];
  const seen = new Map<string, Sighting>();
  /** The ids in the order of the latest attempt. */
  const order = new Set<string>();
  let missing = Number.POSITIVE_INFINITY;

  function groupOf(listing: Listing, found: readonly Sighting[]): Group {
    const { totalText, overallStatus, overallStatusText } = listing;
    const byId = new Map(found.map(({ item }) => [item.id, item]));
    const items = [...order, ...byId.keys()].flatMap((id) => {
      const item = byId.get(id);
      byId.delete(id);
      return item ?? [];
    });
    return { totalText, overallStatus, overallStatusText, items };
  }

  return {
    begin(at) {
      attempts.push({ at, first: undefined, repeating: undefined });
      order.clear();
    },
    see(listing, items, isFirst) {
      const attempt = attempts.length - 1;
      const time = isFirst ? firstPageOf(attempt) : firstPageOf(attempt) + 1;
      const current = attempts[attempt];
      if (isFirst && current) {
        current.first = listing;
        if (items.length === listing.total && isRepeating(items)) current.repeating = items;
      }
      for (const item of items) {
        const before = seen.get(item.id);
        const first = before?.item.hash === item.hash ? before.first : time;
        seen.set(item.id, { item, first, last: time });
        order.add(item.id);
      }
    },
    doubt() {
      const attempt = attempts.at(-1);
      if (attempt) attempt.first = undefined;
    },
    proven(known) {
      const all = [...seen.values()];
      const latest = attempts.at(-1)?.first;
      if (known !== undefined && latest?.total === all.length) {
        const group = groupOf(latest, all);
        const last = all.reduce((min, one) => Math.min(min, one.last), firstPageOf(attempts.length - 1));
        if (hasContent(group, known)) return { group, at: attempts[attemptOf(last)]?.at ?? 0 };
      }
      for (const [i, { at, first: listing, repeating }] of [...attempts.entries()].reverse()) {
        if (!listing) continue;
        if (repeating) return { group: { ...groupOf(listing, []), items: repeating }, at };
        const time = firstPageOf(i);
        const existing = all.filter(({ first, last }) => first <= time && last >= time);
        if (existing.length === listing.total) return { group: groupOf(listing, existing), at };
        if (existing.length > listing.total) {
          // AnyCheck contradicts itself, so nothing that it answered so far is used.
          for (const attempt of attempts) attempt.first = undefined;
          seen.clear();
          missing = Number.POSITIVE_INFINITY;
          return undefined;
        }
        missing = Math.min(missing, listing.total - existing.length);
      }
      return undefined;
    },
    missing: () => missing,
  };
}

/** Whether items name an id more than once, each time with the same content. */
function isRepeating(items: readonly Item[]): boolean {
  const ids = new Set(items.map(({ id }) => id));
  return ids.size < items.length && ids.size === new Set(items.map(({ hash }) => hash)).size;
}

/** The time of an attempt's first page; its other pages follow at the next time. */
const firstPageOf = (attempt: number) => 2 * attempt;
const attemptOf = (time: number) => Math.floor(time / 2);
