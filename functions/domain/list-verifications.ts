import { confirmedAt } from './confirmed-at.ts';
import { unlessErased } from './erase.ts';
import { ApiError, tooManyUnknown, type UpstreamError } from './errors.ts';
import { expired, isErased, keptVersion, orExpired, trackedIn } from './kept-version.ts';
import type { ListRequest } from './list-request.ts';
import { joinedIn, pagesAt, type Slice, textsIn } from './pages.ts';
import type { Phase } from './phase.ts';
import type { History, RefreshQueue, Schedule, Snapshots, StoredGroup, Tracked } from './ports.ts';
import { countRead, mayAsk, type ReaderQuotas } from './reader-quotas.ts';
import { redacted } from './redact.ts';
import type { RefreshDeps, RefreshResult } from './refresh.ts';
import type { Archived, Snapshot } from './snapshot.ts';

/** ms that a reader's fetch has the group to itself: longer than the function may run. */
const LEASE = 30_000;
/** ms between two fetches of a group that readers insist on; who insists in between gets the snapshot. */
const FORCED_EVERY = 15_000;
/** ms between two looks at a fetch that somebody else is doing. */
const POLL = 100;
/** Seconds until a caller whose group couldn't be fetched should try again, where AnyCheck names no time. */
const RETRY_AFTER = 15;

export interface ListDeps extends RefreshDeps, ReaderQuotas {
  readonly queue: RefreshQueue;
  readonly history: Pick<History, 'changeAt'>;
  /** Seconds, by phase, from which a plain read queues an early refresh. */
  readonly freshSeconds: Readonly<Record<Phase, number>>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Told of each read of a group that isn't erased: whether what was there was good enough, or AnyCheck has to be asked first. */
  readonly onRead: (kind: 'hit' | 'miss') => void;
  /** Told of what a reader's own fetch came to, and of an early refresh that could not be queued. */
  readonly onRefresh: (resultId: string, result: RefreshResult) => void;
  readonly onQueueFault: (resultId: string, error: unknown) => void;
}

export interface Listed {
  readonly snapshot: Snapshot;
  /** The page's items as they stand in the answer, in UTF-8: source texts with commas between them; made at every use. */
  readonly joined: Buffer;
  /** The same one by one; made at every use. */
  readonly items: readonly string[];
  readonly isRedacted: boolean;
  /** Whether it is the newest version. */
  readonly isCurrent: boolean;
  /** Whole seconds since AnyCheck last said that this was so. */
  readonly age: number;
}

/**
 * One page of a group, from its snapshot.
 * @param patience what ends the waiting for AnyCheck, made where it has to be asked first.
 * @throws ApiError 404 for a group that AnyCheck doesn't know or that was erased, and for a version that there never was; 410
 * for one that isn't kept any more; 429 for a caller who named too many ids of which AnyCheck showed nothing; 503 for a group
 * that has no snapshot while AnyCheck fails.
 */
export async function listVerifications(
  deps: ListDeps,
  request: ListRequest,
  patience: () => AbortSignal,
): Promise<Listed> {
  const { store, now } = deps;
  const found = await store.read(request.resultId);
  if (isErased(found)) throw erased();
  const askedAt = now();
  const oldest = request.maxAge === undefined ? Number.NEGATIVE_INFINITY : askedAt - request.maxAge * 1000;
  const isHit = isConfirmed(found, oldest);
  deps.onRead(isHit ? 'hit' : 'miss');
  const stored = isHit
    ? found
    : await lookNow(deps, request.resultId, found, {
        askedAt,
        oldest,
        patience: patience(),
      });
  const { snapshot } = stored;
  const schedule = trackedIn(stored);
  if (!snapshot) throw new Error('a look without a snapshot ends in an ApiError');

  const wanted = await versionOf(deps, request, snapshot);
  const isCurrent = wanted === snapshot.version;
  if (isCurrent && stored === found) await refreshEarly(deps, request.resultId, snapshot, schedule);
  const meant: Snapshot | Archived = isCurrent ? snapshot : await keptVersion(store, request.resultId, stored, wanted);
  const confirmed = isArchived(meant) ? meant.confirmedUntil : confirmedAt(meant, schedule);
  const reading = unlessErased(store, request.resultId, schedule, () =>
    answer(store, request, stored, meant, now() - confirmed),
  );
  const listed = await (isCurrent ? reading : reading.catch(orExpired));
  if (!listed) throw erased();
  return listed;
}

/** The version that is meant: of a time, the newest that was published by then. */
async function versionOf(
  { history }: Pick<ListDeps, 'history'>,
  { resultId, version, asOf }: ListRequest,
  snapshot: Snapshot,
): Promise<number> {
  if (asOf === undefined) return version ?? snapshot.version;
  if (asOf >= snapshot.publishedAt) return snapshot.version;
  if (asOf < snapshot.began) throw new ApiError(404, 'NOT_FOUND', 'Nothing was known of this group at that time.');
  const then = await history.changeAt(resultId, asOf);
  // What came after it may be kept no more, where retention was made shorter in between.
  if (!then || (then.supersededAt ?? Number.POSITIVE_INFINITY) <= asOf) throw expired();
  return then.version;
}

const isArchived = (snapshot: Snapshot | Archived): snapshot is Archived => 'confirmedUntil' in snapshot;

const isConfirmed = ({ snapshot, schedule }: StoredGroup, since: number) =>
  snapshot !== undefined && confirmedAt(snapshot, schedule) >= since;

async function answer(
  store: Snapshots,
  request: ListRequest,
  { schedule }: StoredGroup,
  snapshot: Snapshot,
  age: number,
): Promise<Listed> {
  const { resultId, offset, size } = request;
  const { pages, skip } = snapshot.inline ? { pages: [], skip: offset } : pagesAt(snapshot.pages, offset, size);
  const packed = snapshot.inline ? [snapshot.inline] : await store.pages(resultId, pages);
  const slice: Slice = { packed, skip, size };
  // What is stored is redacted a little later than what is served.
  const isRedacted = schedule?.redactedAt !== undefined;
  const texts = () => (isRedacted ? textsIn(slice).map(redacted) : textsIn(slice));
  return {
    snapshot,
    get joined() {
      return isRedacted ? Buffer.from(texts().join()) : joinedIn(slice);
    },
    get items() {
      return texts();
    },
    isRedacted,
    isCurrent: !isArchived(snapshot),
    age: Math.max(0, Math.floor(age / 1000)),
  };
}

/** Stale while revalidate: a snapshot older than its phase allows is served at once, and its group pulled forward. */
async function refreshEarly(deps: ListDeps, resultId: string, snapshot: Snapshot, schedule: Tracked | undefined) {
  const now = deps.now();
  const fresh = deps.freshSeconds[schedule?.phase ?? snapshot.phase] * 1000;
  if (!schedule || now - confirmedAt(snapshot, schedule) <= fresh || isLeased(schedule, now)) return;
  // A group that fails is tried again with backoff: being watched must not turn that into a storm.
  if (schedule.failures > 0 && (schedule.due ?? now) > now) return;
  try {
    const isDue = schedule.due !== undefined && schedule.due <= now;
    if (isDue || (await deps.store.hasten(resultId, now))) {
      await deps.queue.enqueue([{ resultId, due: isDue ? schedule.due : now }]);
    }
  } catch (error) {
    deps.onQueueFault(resultId, error);
  }
}

const isLeased = (schedule: Schedule | undefined, now: number) => (schedule?.leaseUntil ?? 0) > now;

interface Demand {
  /** ms since the epoch. */
  readonly askedAt: number;
  /** A snapshot confirmed since then will do. */
  readonly oldest: number;
  readonly patience: AbortSignal;
}

/**
 * Asks AnyCheck before answering: one fetch however many ask, the others wait for what it brings.
 */
async function lookNow(deps: ListDeps, resultId: string, found: StoredGroup, { askedAt, oldest, patience }: Demand) {
  const { store, now, sleep } = deps;
  let stored = found;
  let seen = found.schedule !== undefined;
  while (!isConfirmed(stored, oldest)) {
    if (patience.aborted || failedSince(stored.schedule, askedAt)) return lastResort(stored);
    if (awaitsRedaction(stored)) return stored;
    const isAnswered = stored.snapshot !== undefined || stored.schedule?.lastError === 'NOT_FOUND';
    if (isAnswered && wasForced(trackedIn(stored), now())) return lastResort(stored);
    if (isLeased(stored.schedule, now())) {
      await sleep(POLL);
      stored = await store.read(resultId);
    } else {
      const before = stored;
      if (!before.snapshot && !(await mayAsk(deps, before.schedule))) {
        stored = await store.read(resultId);
        const { snapshot, schedule } = stored;
        // What somebody else is fetching is waited for.
        if (!snapshot && !isLeased(schedule, now()) && !failedSince(schedule, askedAt)) throw tooManyUnknown();
        seen = true;
        continue;
      }
      const result = await look(deps, resultId, before, patience);
      seen ||= result === undefined;
      stored = await store.read(resultId);
      if (!before.snapshot && result) await countRead(deps, before.schedule, result, stored);
      if (result?.kind === 'not_found') throw unknownGroup();
      if (result?.kind === 'failed') {
        if (isErased(stored)) throw erased();
        return lastResort(stored, result.error);
      }
    }
    // Whoever had it found that AnyCheck doesn't know the group. (One that was served before was only forgotten.)
    if (isErased(stored)) throw erased();
    if (seen && !stored.schedule && !found.snapshot) throw unknownGroup();
    seen ||= stored.schedule !== undefined;
  }
  return stored;
}

/** The reader's own fetch. @returns undefined where somebody else has the group. */
async function look(
  deps: ListDeps,
  resultId: string,
  { schedule: from }: StoredGroup,
  signal: AbortSignal,
): Promise<RefreshResult | undefined> {
  const { store, now } = deps;
  const until = now() + LEASE;
  if (!(await store.claim(resultId, from, now(), until))) return undefined;
  const claimed = await store.read(resultId);
  const tracked = trackedIn(claimed);
  if (tracked?.due !== until) return undefined;
  const schedule = { ...tracked, due: until };
  // Who finds a snapshot does without, and without loading it.
  const { refresh } = await import('./refresh.ts');
  const result = await refresh(deps, resultId, { ...claimed, schedule }, { signal, forced: true });
  deps.onRefresh(resultId, result);
  return result;
}

/** A fetch that is under way is waited for. */
const wasForced = (schedule: Tracked | undefined, now: number) =>
  schedule?.forcedAt !== undefined && now - schedule.forcedAt < FORCED_EVERY && !isLeased(schedule, now);

/** The worker redacts what is stored before AnyCheck is asked again: what is served is redacted as it is read. */
const awaitsRedaction = ({ snapshot, schedule }: StoredGroup) =>
  schedule?.redactedAt !== undefined && snapshot !== undefined && !snapshot.isRedacted;

const failedSince = (schedule: Schedule | undefined, since: number) =>
  schedule !== undefined && schedule.failures > 0 && (schedule.lastAttempt ?? 0) >= since;

const erased = () =>
  new ApiError(404, 'NOT_FOUND', 'Nobody follows this group any more; POST /groups follows it anew.');
const unknownGroup = () => new ApiError(404, 'NOT_FOUND', 'AnyCheck has no verifications with this result_id.');

const UNKNOWN_YET = 'This group is not known yet, and AnyCheck could not be asked about it. Try again later.';
const MESSAGES: ReadonlyMap<string, string> = new Map([
  ['NO_CREDENTIALS', 'The AnyCheck credentials have not been put into their secret yet.'],
  ['REFUSED', 'This group is not known yet, and AnyCheck refuses the credentials of this service.'],
  ['HELD_BACK', 'This group is not known yet, and AnyCheck may not be asked more at the moment. Try again later.'],
]);

/** AnyCheck couldn't be asked: what is there is served with its true age; where nothing is, the caller is told when to come back. */
function lastResort(stored: StoredGroup, cause?: UpstreamError): StoredGroup {
  if (stored.snapshot) return stored;
  const reason = cause?.reason ?? stored.schedule?.lastError ?? '';
  if (reason === 'NOT_FOUND') throw unknownGroup();
  const message = MESSAGES.get(reason) ?? UNKNOWN_YET;
  const retryAfter = Math.max(1, Math.ceil(cause?.retryAfter ?? RETRY_AFTER));
  throw new ApiError(503, 'INTERNAL_SERVER_ERROR', message, { retryAfter, cause });
}
