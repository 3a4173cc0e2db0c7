// One format for all: to make one takes longer than to use it.
const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Returns a time in the user's time zone and language. @param at ms since the epoch. */
export const absoluteTime = (at: number): string => format.format(at);
