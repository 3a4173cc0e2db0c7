import type { EndpointState } from './endpoint.ts';

/** ms for which a slot is taken: longer than the function runs. */
export const SLOT_MS = 40_000;
/** A delivery waits shortly for a slot where the attempts under way began just now. */
const JUST_BEGUN_MS = 500;

/** The numbers of an endpoint's free slots. @param count of its slots. @param now ms since the epoch. */
export function freeSlots({ slots }: EndpointState, count: number, now: number): readonly number[] {
  const numbers = Array.from({ length: count }, (_, i) => i);
  return numbers.filter((i) => (slots[i]?.until ?? 0) <= now);
}

/** Whether a delivery has a slot. */
export const isUnderWay = ({ slots }: EndpointState, deliveryId: string, now: number): boolean =>
  slots.some((slot) => slot?.deliveryId === deliveryId && slot.until > now);

/**
 * Whether an attempt under way began just now, so that it will probably end soon. Where deliveries are parked already,
 * those that wait longer come first.
 */
export const isSoonFree = ({ slots, parkedAt }: EndpointState, now: number): boolean =>
  parkedAt === undefined && slots.some((slot) => slot !== undefined && slot.until > now + SLOT_MS - JUST_BEGUN_MS);
