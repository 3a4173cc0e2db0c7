/** Returns a time as digits of fixed length, so that texts sort like times. @param at ms since the epoch. */
export const sortableTime = (at: number): string => String(at).padStart(13, '0');

/**
 * Returns a group's unique position in a list of groups, which is sorted by time.
 * @param at ms since the epoch: of the last change; among failing groups, of the begin of the failures.
 */
export const positionOf = (at: number, resultId: string): string => `${sortableTime(at)}#${resultId}`;

/** The pattern of a position in a cursor. */
export const POSITION = /^\d{13,15}#[0-9a-f-]{36}$/;

/** The orders of a list of groups, by time. */
export const ORDERS = ['newest', 'oldest'] as const;
export type Order = (typeof ORDERS)[number];

/** Returns the time of a position, ms since the epoch. */
export const timeOf = (position: string): number => Number(position.split('#')[0]);

/** Returns the bound before all positions of a time and after all earlier ones. @param at ms since the epoch. */
export const beginningOf = (at: number): string => positionOf(at, '');
