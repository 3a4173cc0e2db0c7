import { joinedIn, pagesAt, type Slice, textsIn } from '../group/pages.ts';
import { redacted } from '../group/redact.ts';
import type { StoredGroup } from '../group/schedule.ts';
import type { Archived, Snapshot } from '../group/snapshot.ts';
import { confirmedAt } from '../store/confirmed-at.ts';
import type { Snapshots } from '../store/ports.ts';
import type { ListRequest } from './list-request.ts';

/** A page of a snapshot's items, packed as they are stored. */
export interface ListedPage {
  readonly snapshot: Snapshot;
  /** Unpacks the page's items as they stand in the answer, in UTF-8: source texts with commas between them. */
  joined(): Buffer;
  /** Unpacks the same one by one. */
  items(): readonly string[];
  readonly isRedacted: boolean;
  /** Whether it is the newest version. */
  readonly isCurrent: boolean;
  /** Whole seconds since AnyCheck last said that this was so. */
  readonly age: number;
}

/**
 * The requested page of a snapshot.
 * @param group as it is stored now; @param now ms since the epoch.
 * @throws MissingPageError where one of its rows is gone.
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
  // What is stored is redacted a little later than what is served.
  const isRedacted = schedule?.redactedAt !== undefined;
  const texts = () => (isRedacted ? textsIn(slice).map(redacted) : textsIn(slice));
  const confirmed = isArchived(snapshot) ? snapshot.confirmedUntil : confirmedAt(snapshot, schedule);
  return {
    snapshot,
    joined: () => (isRedacted ? Buffer.from(texts().join()) : joinedIn(slice)),
    items: texts,
    isRedacted,
    isCurrent: !isArchived(snapshot),
    age: Math.max(0, Math.floor((now - confirmed) / 1000)),
  };
}

const isArchived = (snapshot: Snapshot | Archived): snapshot is Archived => 'confirmedUntil' in snapshot;
