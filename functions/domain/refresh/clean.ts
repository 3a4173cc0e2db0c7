import { fenceErased } from '../erasure/erase.ts';
import { verificationIn } from '../group/change.ts';
import { bytesHash, contentHash, type Group, itemOf } from '../group/group.ts';
import { unpack } from '../group/pages.ts';
import { redacted, redactedVerification } from '../group/redact.ts';
import type { DueSchedule, Schedule, StoredGroup, Tracked } from '../group/schedule.ts';
import type { Changes, Erasures, Publications, Snapshots } from '../store/ports.ts';
import { trackedIn } from '../store/retained-version.ts';
import { LARGEST_PAGE } from './page-size.ts';
import { publish, recover } from './publish.ts';

export interface CleanDeps {
  readonly store: Snapshots & Publications & Changes & Erasures;
  readonly now: () => number;
}

/**
 * Goes through what is stored of an erased or a redacted group: erased content is deleted, the rest redacted where it has to be.
 * @returns whether that was all: nothing was left to do, and nobody is left who could bring some of it back.
 */
export async function clean(
  { store, now }: CleanDeps,
  resultId: string,
  { redactedAt, cleanUntil = 0 }: Schedule,
  signal: AbortSignal,
): Promise<boolean> {
  const { schedule } = await fenceErased(store, resultId);
  if (!schedule) return true;
  const what = {
    version: schedule.erasedVersion,
    revision: schedule.erasedRevision,
    rewrite: redactedAt === undefined ? undefined : redacted,
  };
  const found = await store.clean(resultId, what, signal);
  return found === 0 && now() >= cleanUntil;
}

/**
 * Publishes what is served of a redacted group anew, as the same version, from what is stored: redaction doesn't wait for
 * AnyCheck.
 * @returns the group as it is stored now; undefined where somebody else got ahead.
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
  const fetched = { group, content: contentHash(group), bytes: bytesHash(group), at, pageSize: LARGEST_PAGE };
  await publish(store, { resultId, schedule, stored, fetched: fetched, phase, forced: true, now }, 'revision');
  const latest = await store.read(resultId);
  const after = trackedIn(latest);
  return after?.due === schedule.due ? { ...latest, schedule: after } : undefined;
}
