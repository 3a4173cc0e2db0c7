import { type Digest, digestsOf } from '../group/change.ts';
import { hasBytes, hasContent } from '../group/group.ts';
import { inStoredOrder } from '../group/order.ts';
import type { Phase } from '../group/phase.ts';
import type { DueSchedule, StoredGroup, Tracked } from '../group/schedule.ts';
import type { Snapshots } from '../store/ports.ts';
import { unlessErased } from '../store/unless-erased.ts';
import type { ConsistentFetch } from './fetch-consistent.ts';

/** ms. Renewed links without other changes are stored at most this often, unless a reader forced the refresh. */
export const RENEW_INTERVAL_MS = 3_600_000;

export interface Publication {
  readonly resultId: string;
  readonly schedule: DueSchedule<Tracked>;
  /**
   * The group as read before the first AnyCheck call. The publish succeeds only if the stored group is still this one.
   */
  readonly stored: StoredGroup;
  readonly fetched: ConsistentFetch;
  readonly phase: Phase;
  readonly forced: boolean;
  readonly now: () => number;
}

/** A new version, or a new revision of the same version: with renewed links, or redacted. */
export type PublishKind = 'version' | 'revision';

/** What a fetch requires. */
export interface Plan {
  readonly kind: PublishKind | 'nothing';
  /** The publication, with its items in the order in which they are stored. */
  readonly publication: Publication;
  /** The stored items that the publication supersedes, in order. */
  readonly before: readonly Digest[];
}

/**
 * Decides what a fetch requires: a new version, a revision with renewed links, or nothing. A list whose order alone
 * differs requires nothing.
 * @returns undefined where the group was erased meanwhile.
 */
export async function planOf(store: Snapshots, publication: Publication): Promise<Plan | undefined> {
  const kind = kindOf(publication);
  const { resultId, schedule, stored, fetched } = publication;
  const { snapshot } = stored;
  if (kind === 'nothing' || !snapshot) return { kind, publication, before: [] };
  const { items } = fetched.group;
  const before = await unlessErased(store, resultId, schedule, () =>
    digestsOf(snapshot, items, (pages) => store.pages(resultId, pages)),
  );
  if (!before) return undefined;
  const group = { ...fetched.group, items: inStoredOrder(items, before) };
  // A hash that earlier code stored shows equal content only once the items have the stored order.
  const isSame = hasContent(group, snapshot.content);
  const arranged = { ...publication, fetched: { ...fetched, group } };
  return { kind: isSame ? 'revision' : 'version', publication: arranged, before };
}

function kindOf({ stored: { snapshot }, fetched, forced, now }: Publication): PublishKind | 'nothing' {
  if (!snapshot || !hasContent(fetched.group, snapshot.content)) return 'version';
  const isDue = forced || now() - snapshot.revisedAt >= RENEW_INTERVAL_MS;
  return isDue && !hasBytes(fetched.group, snapshot.bytes) ? 'revision' : 'nothing';
}
