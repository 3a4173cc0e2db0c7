/**
 * The phases, the least settled first. `active`: a machine will change the group. `waiting`: a person must act.
 * `settled`: the group is complete, until a person retries or edits it.
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

/** The statuses that AnyCheck documents. */
export const STATUSES = [...PHASE_OF.keys()];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Whether AnyCheck's documentation lists the status. An unlisted status is served as it is, and counts as active. */
export const isKnownStatus = (status: string): boolean => PHASE_OF.has(status);

export interface Statuses {
  readonly items: readonly (string | null)[];
  readonly overall: string | null;
  /** Whether the group has, or ever had, an item. */
  readonly hadItems: boolean;
}

/**
 * Returns a group's phase: the least settled phase of its items' statuses and its overall status. A group
 * that never had an item was probably just created: it is active for an hour, then waiting. A group that lost
 * all its items is settled.
 * @param age ms since the group was first seen.
 */
export function phaseOf({ items, overall, hadItems }: Statuses, age: number): Phase {
  if (items.length === 0) return hadItems ? 'settled' : age < HOUR ? 'active' : 'waiting';
  const known = overall === null ? items : [...items, overall];
  const phases = new Set(known.map((status) => PHASE_OF.get(status ?? '') ?? 'active'));
  return PHASES.find((phase) => phases.has(phase)) ?? 'settled';
}

/** Whether a group is dropped: it never had an item, and is a day old. @param age ms since the group was first seen. */
export const isForgotten = (hadItems: boolean, age: number): boolean => !hadItems && age >= DAY;
