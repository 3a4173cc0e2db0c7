import { isKnownStatus } from '../group/phase.ts';
import { countsOf, type StatusCount } from '../group/summary.ts';

/** Stands for every status that AnyCheck's documentation does not list, and for a missing one. */
export const OTHER = 'OTHER';

/** The name of a status in an event. An undocumented one could be any text, so it does not pass. */
export const eventStatus = (status: string | null): string =>
  status !== null && isKnownStatus(status) ? status : OTHER;

/** Counts statuses by their names in events, sorted by name. */
export const eventCounts = (statuses: readonly (string | null)[]): StatusCount[] =>
  [...countsOf(statuses.map(eventStatus))].sort();
