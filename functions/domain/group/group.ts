import { createHash } from 'node:crypto';
import { canonical } from '../json/canonical.ts';
import type { Verification } from './verification.ts';

/** A whole group as AnyCheck holds it: what one consistent fetch gave. */
export interface Group {
  readonly totalText: string;
  readonly overallStatusText: string;
  readonly overallStatus: string | null;
  readonly items: readonly Item[];
}

/** A verification with what its content is compared by. */
export interface Item extends Verification {
  /** Of the values, renewed links aside: equal for equal content. */
  readonly hash: string;
  /** Bytes of what is compared: unlike the served text's, they don't change as links are renewed. */
  readonly size: number;
  /** Whether it holds links that AnyCheck signs anew at every call. */
  readonly linked: boolean;
}

/** 96 bits: what a group's pages are named and compared by. */
const HASH_LENGTH = 16;

export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64url').slice(0, HASH_LENGTH);
}

/** A link without its query, which AnyCheck signs anew at every call. */
const withoutQuery = (url: string) => url.replace(/\?[^#]*/, '');

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

/** Two fetches with the same hash hold the same values, renewed links aside. */
export const contentHash = (group: Group): string =>
  hashOf(group.totalText, group.overallStatusText, ...group.items.map((item) => item.hash));

/** Two fetches with the same hash hold the same texts, links included. */
export const bytesHash = (group: Group): string =>
  hashOf(group.totalText, group.overallStatusText, ...group.items.map((item) => item.text));
