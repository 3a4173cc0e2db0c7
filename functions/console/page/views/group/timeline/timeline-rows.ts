type Status = string | null;
/** The status of each verification of a version, by its id. */
export type Statuses = ReadonlyMap<string, Status>;

/** A version, as far as the timeline needs it. Times in ms since the epoch. */
export interface TimelineVersion {
  readonly version: number;
  readonly at: number;
  /** The verifications whose status differs from the version before. Added and removed ones are not among them. */
  readonly transitions: readonly { readonly verification_id: string; readonly to: Status }[];
}

/** A time during which a verification had one status. */
interface Segment {
  readonly status: Status;
  readonly from: number;
  readonly to: number;
}

/** The statuses of a verification over time, oldest first. */
export interface TimelineRow {
  readonly id: string;
  readonly segments: readonly Segment[];
}

/**
 * Returns a row for each verification, in the order of their first appearance.
 * @param versions oldest first.
 * @param statusesAt the statuses of whole versions: of the oldest one, and of each that added or removed verifications.
 * @param end of the last segments.
 */
export function timelineRows(
  versions: readonly TimelineVersion[],
  statusesAt: ReadonlyMap<number, Statuses>,
  end: number,
): TimelineRow[] {
  const rows = new Map<string, Segment[]>();
  const open = new Map<string, { status: Status; from: number }>();

  function close(id: string, at: number): void {
    const segment = open.get(id);
    open.delete(id);
    if (segment && at > segment.from) rows.get(id)?.push({ ...segment, to: at });
  }
  function become(id: string, status: Status, at: number): void {
    if (open.get(id)?.status === status) return;
    if (open.has(id)) close(id, at);
    if (!rows.has(id)) rows.set(id, []);
    open.set(id, { status, from: at });
  }

  for (const { version, at, transitions } of versions) {
    const whole = statusesAt.get(version);
    if (whole) {
      for (const id of [...open.keys()]) if (!whole.has(id)) close(id, at);
      for (const [id, status] of whole) become(id, status, at);
    }
    for (const { verification_id, to } of transitions) become(verification_id, to, at);
  }
  for (const id of [...open.keys()]) close(id, end);
  return [...rows].map(([id, segments]) => ({ id, segments }));
}

/**
 * Returns the numbers of the versions whose statuses must be known as a whole.
 * @param versions oldest first.
 */
export const wholeVersions = (
  versions: readonly { readonly version: number; readonly added: number; readonly removed: number }[],
): number[] => versions.flatMap(({ version, added, removed }, i) => (i === 0 || added + removed > 0 ? [version] : []));
