/**
 * `active`: a machine will move it on; `waiting`: a person must; `settled`: over, until someone retries or edits it. The least
 * settled first.
 */
export const PHASES = ['active', 'waiting', 'settled'] as const;
export type Phase = (typeof PHASES)[number];

const PHASE_OF: ReadonlyMap<string, Phase> = new Map<string, Phase>([
  ['IN_QUEUE', 'active'],
  ['IN_PROGRESS', 'active'],
  ['DRAFT', 'waiting'],
  ['NEED_REVIEW', 'waiting'],
  ['FRAUD_DETECTED', 'waiting'],
  ['PARTIALLY_COMPLETED', 'waiting'],
  ['PARTIALLY_FAILED', 'waiting'],
  ['COMPLETED', 'settled'],
  ['FAILED', 'settled'],
  ['CANCELLED', 'settled'],
]);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Whether AnyCheck's documentation lists the status. One that it doesn't is served all the same, and looked at as active. */
export const isKnownStatus = (status: string): boolean => PHASE_OF.has(status);

export interface Statuses {
  readonly items: readonly (string | null)[];
  readonly overall: string | null;
  /** Whether the group ever held an item, now included. */
  readonly hadItems: boolean;
}

/**
 * A group's phase: the least settled of its items' and its own. A group that never had an item was probably just created:
 * active for an hour, then waiting. One that shrank to nothing is settled.
 * @param age ms since the group was first seen.
 */
export function phaseOf({ items, overall, hadItems }: Statuses, age: number): Phase {
  if (items.length === 0) return hadItems ? 'settled' : age < HOUR ? 'active' : 'waiting';
  const known = overall === null ? items : [...items, overall];
  const phases = new Set(known.map((status) => PHASE_OF.get(status ?? '') ?? 'active'));
  return PHASES.find((phase) => phases.has(phase)) ?? 'settled';
}

/** A group that has never had an item is forgotten after a day. */
export const isForgotten = (hadItems: boolean, age: number): boolean => !hadItems && age >= DAY;
