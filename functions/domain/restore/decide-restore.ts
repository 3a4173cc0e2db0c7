import type { LedgerEntry } from '../erasure/ledger.ts';
import type { StoredGroup } from '../group/schedule.ts';

export interface RestoreCase {
  /** The group in the restored table, and in the live table. */
  readonly source: StoredGroup;
  readonly live: StoredGroup;
  /** Content rows of the live table that the restored table does not have. */
  readonly others: readonly string[];
  /** The erasures and redactions of the group. */
  readonly ledger: readonly LedgerEntry[];
  /** Whether the operator allows a newer version in the live table to be replaced by the restored one. */
  readonly isReplacing: boolean;
}

export type RestoreDecision =
  | { readonly kind: 'restore' }
  | { readonly kind: 'unchanged' | 'refused'; readonly reason: string };

/**
 * Decides whether a group is copied from a restored table into the live table. An erasure or redaction that the
 * restored table does not contain always refuses the copy.
 */
export function decideRestore({ source, live, others, ledger, isReplacing }: RestoreCase): RestoreDecision {
  const { schedule } = source;
  if (!schedule) return refused('the restored table does not hold it');
  const undone = ledger.find(({ kind, at }) =>
    kind === 'erase' ? (schedule.erasedAt ?? 0) < at : schedule.redactedAt === undefined,
  );
  if (undone) {
    const what = undone.kind === 'erase' ? 'erased' : 'redacted';
    return refused(
      `it was ${what} at ${new Date(undone.at).toISOString()}, and the restored table does not contain that: ` +
        'run "npm run replay" on the restored table first',
    );
  }
  if (schedule.kind === 'tombstone') {
    return live.schedule ? unchanged('it is erased, and the live table has its record') : RESTORE;
  }
  if (isReplacing) return RESTORE;
  const isSameVersion = live.version === source.version && live.publishedAt === source.publishedAt;
  const hasSameContent = (live.snapshot === undefined) === (source.snapshot === undefined);
  if (live.schedule?.kind === 'tracked' && isSameVersion && hasSameContent) {
    return unchanged(`the live table has its version ${live.version}`);
  }
  if (live.version > source.version || live.publishedAt > source.publishedAt) {
    return refused(
      `the live table has a newer version (${at(live)}; restored: ${at(source)}): --replace overwrites it`,
    );
  }
  if (others.length > 0) {
    return refused(
      `the live table has ${others.length} rows of it that the restored table lacks (${others[0]}): --replace deletes them`,
    );
  }
  return RESTORE;
}

const RESTORE: RestoreDecision = { kind: 'restore' };
const refused = (reason: string): RestoreDecision => ({ kind: 'refused', reason });
const unchanged = (reason: string): RestoreDecision => ({ kind: 'unchanged', reason });
const at = ({ version, publishedAt }: StoredGroup) => `${version} of ${new Date(publishedAt).toISOString()}`;
