import { itemTexts, joinedIn, pagesAt, type Slice } from '../group/pages.ts';
import { redacted } from '../group/redact.ts';
import type { StoredGroup } from '../group/schedule.ts';
import type { Archived, Snapshot } from '../group/snapshot.ts';
import { confirmedAt } from '../store/confirmed-at.ts';
import type { Snapshots } from '../store/ports.ts';
import type { ListRequest } from './list-request.ts';

/** A page of a snapshot's items. The items stay packed until a method unpacks them. */
export interface ListedPage {
  readonly snapshot: Snapshot;
  /**
   * Unpacks the items as the answer needs them: source texts in UTF-8 with commas between them, one run of bytes after
   * the other.
   */
  joined(): Uint8Array[];
  /** Unpacks the items as single source texts. */
  items(): readonly string[];
  readonly isRedacted: boolean;
  /** Whether the snapshot is the current version. */
  readonly isCurrent: boolean;
  /** Whole seconds since AnyCheck last confirmed this version. */
  readonly age: number;
  /** When its version, its links or its redaction was last stored, ms since the epoch. */
  readonly storedAt: number;
}

/**
 * Returns the requested page of a snapshot.
 * @param now ms since the epoch.
 * @throws MissingPageError where a row of the page was deleted.
 */
export async function pageOf(
  store: Pick<Snapshots, 'pages'>,
  { resultId, offset, size }: ListRequest,
  { schedule }: StoredGroup,
  snapshot: Snapshot | Archived,
  now: number,
): Promise<ListedPage> {
  const { pages, skip } = snapshot.inline ? { pages: [], skip: offset } : pagesAt(snapshot.pages, offset, size);
  const packed = snapshot.inline ? [snapshot.inline] : await store.pages(resultId, pages);
  const slice: Slice = { packed, skip, size };
  // The worker redacts stored content some time after the redaction was requested; until then it is redacted here.
  const isRedacted = schedule?.redactedAt !== undefined;
  const texts = () => (isRedacted ? itemTexts(slice).map(redacted) : itemTexts(slice));
  const confirmed = isArchived(snapshot) ? snapshot.confirmedUntil : confirmedAt(snapshot, schedule);
  return {
    snapshot,
    joined: () => (isRedacted ? [Buffer.from(texts().join())] : joinedIn(slice)),
    items: texts,
    isRedacted,
    isCurrent: !isArchived(snapshot),
    age: Math.max(0, Math.floor((now - confirmed) / 1000)),
    storedAt: Math.max(snapshot.publishedAt, snapshot.revisedAt, schedule?.redactedAt ?? 0),
  };
}

const isArchived = (snapshot: Snapshot | Archived): snapshot is Archived => 'confirmedUntil' in snapshot;
