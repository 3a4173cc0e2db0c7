import type { StoredGroup } from '../group/schedule.ts';
import type { RefreshDeps, RefreshResult } from '../refresh/refresh.ts';
import { trackedIn } from '../store/retained-version.ts';
import { nextStep, type Served } from './next-step.ts';
import { countRead, type ReaderQuotas, type SpentQuota, spentQuota } from './reader-quotas.ts';

/** ms of the lease of a reader's fetch: longer than the function may run. */
const LEASE_MS = 30_000;
/** ms between two reads of a group that another run is fetching. */
const POLL_INTERVAL_MS = 100;

export interface RefreshFirstDeps extends RefreshDeps, ReaderQuotas {
  readonly sleep: (ms: number) => Promise<void>;
  /** Receives the outcome of the request's own fetch. */
  readonly onRefresh: (resultId: string, result: RefreshResult) => void;
}

interface Demand {
  /** When the request arrived, and since when a served snapshot must have been confirmed, ms since the epoch. */
  readonly arrivedAt: number;
  readonly oldest: number;
  /** Ends the wait for AnyCheck. */
  readonly deadline: AbortSignal;
}

/**
 * Refreshes a group before its read is answered. One fetch serves all concurrent readers; the
 * others wait for its outcome.
 * @returns the group with the snapshot to serve. It is an older snapshot where AnyCheck gave no answer.
 * @throws Refusal where there is no snapshot.
 */
export async function refreshFirst(
  deps: RefreshFirstDeps,
  resultId: string,
  found: StoredGroup,
  { arrivedAt, oldest, deadline }: Demand,
): Promise<Served> {
  const { store, now, sleep } = deps;
  const hadSnapshot = found.snapshot !== undefined;
  let group = found;
  let wasKnown = found.schedule !== undefined;
  let spent: SpentQuota | undefined;
  let own: RefreshResult | undefined;
  for (;;) {
    const isOutOfTime = deadline.aborted;
    const known = { hadSnapshot, wasKnown, spent, own };
    const step = nextStep({ now: now(), group, arrivedAt, oldest, isOutOfTime, ...known });
    if (step.kind === 'serve') return step.group;
    if (step.kind === 'fail') throw step.error;
    const before = group;
    spent = step.kind === 'fetch' && !before.snapshot ? await spentQuota(deps, before.schedule) : undefined;
    const fetches = step.kind === 'fetch' && !spent;
    own = fetches ? await fetchCounted(deps, resultId, before, deadline) : undefined;
    if (step.kind === 'wait') await sleep(POLL_INTERVAL_MS);
    group = await store.read(resultId);
    if (own && !before.snapshot && !group.snapshot?.hadItems) await countRead(deps, before.schedule, own);
    wasKnown ||= before.schedule !== undefined || (fetches && own === undefined);
  }
}

/** Fetches the group. A fetch that throws is counted as if AnyCheck had returned no verifications. */
async function fetchCounted(deps: RefreshFirstDeps, resultId: string, before: StoredGroup, signal: AbortSignal) {
  try {
    return await fetchNow(deps, resultId, before, signal);
  } catch (error) {
    if (!before.snapshot) await countRead(deps, before.schedule, undefined);
    throw error;
  }
}

/** Claims the group and refreshes it. @returns undefined where another run holds the group. */
async function fetchNow(
  deps: RefreshFirstDeps,
  resultId: string,
  { schedule: from }: StoredGroup,
  signal: AbortSignal,
): Promise<RefreshResult | undefined> {
  const { store, now } = deps;
  const until = now() + LEASE_MS;
  if (!(await store.claim(resultId, from, now(), until))) return undefined;
  const claimed = await store.read(resultId);
  const tracked = trackedIn(claimed);
  if (tracked?.due !== until) return undefined;
  const schedule = { ...tracked, due: until };
  // Loaded on demand: a read that finds a recent snapshot needs no refresh code.
  const { refresh } = await import('../refresh/refresh.ts');
  const result = await refresh(deps, resultId, { ...claimed, schedule }, { signal, forced: true, announceAfterMs: 0 });
  deps.onRefresh(resultId, result);
  return result;
}
