/** Returns a time as RFC 3339, in UTC. @param at ms since the epoch. */
export const iso = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | undefined): string | null => (at === undefined ? null : iso(at));
