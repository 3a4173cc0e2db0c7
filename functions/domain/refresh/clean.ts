import { fenceErased } from '../erasure/erase.ts';
import { verificationIn } from '../group/change.ts';
import { type Group, itemOf } from '../group/group.ts';
import { unpack } from '../group/pages.ts';
import { redacted, redactedVerification } from '../group/redact.ts';
import type { DueSchedule, Schedule, StoredGroup, Tracked } from '../group/schedule.ts';
import type { Changes, Erasures, Publications, Snapshots } from '../store/ports.ts';
import { trackedIn } from '../store/retained-version.ts';
import { LARGEST } from './page-size.ts';
import { publish, recover } from './publish.ts';

export interface CleanDeps {
  readonly store: Snapshots & Publications & Changes & Erasures;
  readonly now: () => number;
}

/**
 * Cleans the stored rows of an erased or redacted group: deletes erased content, and redacts the remaining
 * content of a redacted group.
 * @param signal ends the work early.
 * @returns whether the cleaning is complete: no row was left to clean, and every run that could
 * write old content has ended.
 */
export async function clean(
  { store, now }: CleanDeps,
  resultId: string,
  { redactedAt, cleanUntil = 0 }: Schedule,
  signal: AbortSignal,
): Promise<boolean> {
  const { schedule } = await fenceErased(store, resultId);
  if (!schedule) return true;
  const scope = {
    version: schedule.erasedVersion,
    revision: schedule.erasedRevision,
    rewrite: redactedAt === undefined ? undefined : redacted,
  };
  const found = await store.clean(resultId, scope, signal);
  return found === 0 && now() >= cleanUntil;
}

/**
 * Publishes the current version of a redacted group again, redacted, as a new revision. It uses the stored content, so
 * that redaction does not wait for AnyCheck.
 * @returns the stored group after that; undefined where another run was first.
 */
export async function redactCurrent(
  { store, now }: CleanDeps,
  resultId: string,
  found: StoredGroup & { readonly schedule: DueSchedule<Tracked> },
): Promise<(StoredGroup & { readonly schedule: Tracked }) | undefined> {
  const { snapshot, schedule } = found;
  if (!snapshot || snapshot.isRedacted || schedule.redactedAt === undefined) return found;
  const stored = await recover(store, resultId, found, now());
  if (!stored) return undefined;
  const packed = snapshot.inline ? [snapshot.inline] : await store.pages(resultId, snapshot.pages);
  const items = packed.flatMap(unpack).map((text) => itemOf(redactedVerification(verificationIn(text))));
  const { totalText, overallStatusText, fetchedAt: at, phase } = snapshot;
  const group: Group = { totalText, overallStatusText, overallStatus: null, items };
  const fetched = { group, at, pageSize: LARGEST };
  await publish(store, { resultId, schedule, stored, fetched, phase, forced: true, now }, 'revision');
  const latest = await store.read(resultId);
  const after = trackedIn(latest);
  return after?.due === schedule.due ? { ...latest, schedule: after } : undefined;
}
