import { canonical } from '../json/canonical.ts';
import { hashOf } from './hash.ts';
import type { Verification } from './verification.ts';

/** A whole group, as one consistent fetch returned it. */
export interface Group {
  readonly totalText: string;
  readonly overallStatusText: string;
  readonly overallStatus: string | null;
  readonly items: readonly Item[];
}

/** A verification with the hash by which its content is compared. */
export interface Item extends Verification {
  /** The hash of its values without the query part of links: equal for equal content. */
  readonly hash: string;
  /** Bytes of the compared content. Unlike the served text's length, they do not change when links are renewed. */
  readonly size: number;
  /** Whether it holds links that AnyCheck signs again at every call. */
  readonly linked: boolean;
}

/** Returns a link without its query, which AnyCheck signs again at every call. */
function withoutQuery(url: string): string {
  const query = url.indexOf('?');
  if (query < 0) return url;
  const fragment = url.indexOf('#', query);
  return url.slice(0, query) + (fragment < 0 ? '' : url.slice(fragment));
}

/** Computes the content hash of a verification. */
export function itemOf(verification: Verification): Item {
  let linked = false;
  const compared = canonical(verification.text, {
    suffix: '_file_url',
    settle(url) {
      const bare = withoutQuery(url);
      linked ||= bare !== url;
      return bare;
    },
  });
  return { ...verification, hash: hashOf(compared), size: compared.length, linked };
}

/**
 * Begins a hash that does not depend on the order of the items. Rows that earlier code wrote have hashes without it,
 * which depend on the order.
 */
const UNORDERED = '=';

const ordered = ({ totalText, overallStatusText }: Group, parts: readonly string[]) =>
  hashOf(totalText, overallStatusText, ...parts);
const unordered = (group: Group, parts: readonly string[]) => UNORDERED + ordered(group, parts.toSorted());
const hashesIn = ({ items }: Group) => items.map(({ hash }) => hash);

/** Returns a hash that is equal for two fetches with the same values in any order, apart from renewed links. */
export const contentHash = (group: Group): string => unordered(group, hashesIn(group));

/** Returns a hash that is equal for two fetches with the same texts in any order, including links. */
export const bytesHash = (group: Group): string =>
  unordered(
    group,
    group.items.map(({ text }) => hashOf(text)),
  );

/**
 * Whether a group has the content of a stored content hash. A hash from earlier code matches only where the items have
 * the order that is stored.
 */
export const hasContent = (group: Group, hash: string): boolean =>
  hash === (hash.startsWith(UNORDERED) ? contentHash(group) : ordered(group, hashesIn(group)));

/** Whether a group has the texts of a stored bytes hash, as `hasContent` compares contents. */
export const hasBytes = (group: Group, hash: string): boolean =>
  hash ===
  (hash.startsWith(UNORDERED)
    ? bytesHash(group)
    : ordered(
        group,
        group.items.map(({ text }) => text),
      ));
