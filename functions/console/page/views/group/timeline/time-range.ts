/** The time that the timeline shows, ms since the epoch. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** The share of the time between the first and the last change that is shown after the last one. */
const MARGIN = 0.08;
const MIN_LENGTH_MS = 1_000;

interface Times {
  /** When the oldest and the newest version were published. */
  readonly first: number;
  readonly last: number;
  /** Whether the group still changes, or its refreshes fail. */
  readonly isOpen: boolean;
  readonly now: number;
}

/** Returns the shown time. That of a settled group ends soon after its last change, so that its changes stay visible. */
export function timeRange({ first, last, isOpen, now }: Times): TimeRange {
  const end = isOpen || last === first ? now : Math.min(now, last + (last - first) * MARGIN);
  return { start: first, end: Math.max(end, last, first + MIN_LENGTH_MS) };
}

/** Returns where a time lies in the range, in percent. A time outside of it is at its nearer end. */
export const percentOf = (at: number, { start, end }: TimeRange): number =>
  Math.min(100, Math.max(0, ((at - start) / (end - start)) * 100));
