import { seededUuid } from '../fixtures/seeded.ts';
import type { Listing } from '../groups/catalogue.ts';
import type { Verification } from '../groups/verification.ts';
import { withMember } from '../json-source.ts';

/**
 * An item that a fault inserts into a group: a copy of the first item with another id. Empty for an empty group.
 * @param n distinguishes the items that one fault inserts.
 */
export function strangerOf({ resultId, verifications }: Listing, n = 0): Verification[] {
  const id = seededUuid(`stranger/${resultId}${n === 0 ? '' : `/${n}`}`);
  return verifications
    .slice(0, 1)
    .map((first) => ({ ...first, id, source: withMember(first.source, 'id', JSON.stringify(id)) }));
}
