import { seededUuid } from '../fixtures/seeded.ts';
import type { Listing } from '../groups/catalogue.ts';
import type { Verification } from '../groups/verification.ts';
import { withMember } from '../json-source.ts';

/** An item that a fault inserts into a group: a copy of the first item with another id. Empty for an empty group. */
export function strangerOf({ resultId, verifications }: Listing): Verification[] {
  const id = seededUuid(`stranger/${resultId}`);
  return verifications
    .slice(0, 1)
    .map((first) => ({ ...first, id, source: withMember(first.source, 'id', JSON.stringify(id)) }));
}
