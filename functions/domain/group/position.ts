/** A time in as many digits that texts sort as times do. @param at ms since the epoch. */
export const sortableTime = (at: number): string => String(at).padStart(13, '0');

/** Where a group stands in the list of groups: in the order of its last change, no two alike. @param at ms since the epoch. */
export const positionOf = (at: number, resultId: string): string => `${sortableTime(at)}#${resultId}`;

/** A position, as a cursor may hold it. */
export const POSITION = /^\d{13,15}#[0-9a-f-]{36}$/;

/** The orders of the list of groups, by last change. */
export const ORDERS = ['newest', 'oldest'] as const;
export type Order = (typeof ORDERS)[number];

/** When a group last changed that stands there, ms since the epoch. */
export const timeOf = (position: string): number => Number(position.split('#')[0]);

/** Before all positions of a time, and behind all those before it. */
export const beginningOf = (at: number): string => positionOf(at, '');
