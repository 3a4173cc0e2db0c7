import type { Budget, BudgetSettings, Priority } from './budget.ts';
import { callsPerSecond, STEADY } from './rate-limit.ts';

const SECOND = 1000;

/** The part of the budget of each priority. A worker also uses what readers leave of their part. */
const BUDGET_PART = { reader: 0.8, worker: 0.2 } as const;
const PARTS_OPEN_TO = { reader: ['reader'], worker: ['worker', 'reader'] } as const satisfies Record<
  Priority,
  readonly Priority[]
>;
/** ms that a slot may lie ahead: the longest wait of a caller for its slot. */
const AHEAD_MS = { reader: 5 * SECOND, worker: SECOND } as const;
/** ms. A caller waits for the end of a pause that is no longer than this; else its call fails at once. */
const MAX_WAIT_MS = 5 * SECOND;

/**
 * The next slot of the priority `of`. It begins where the slot before it ends, or at `floor` where that is later. It
 * must begin by `horizon`.
 */
export interface Slot {
  readonly of: Priority;
  /** ms that the slot takes. */
  readonly interval: number;
  /** ms since the epoch, like `horizon`. It lies in the past by the length of a burst. */
  readonly floor: number;
  readonly horizon: number;
}

export type SlotDecision =
  /** This caller may not call before `until` (ms since the epoch). It should wait where `isWorthWaiting`, else fail. */
  | { readonly kind: 'closed'; readonly until: number; readonly isWorthWaiting: boolean; readonly refused: boolean }
  | { readonly kind: 'probe' }
  | { readonly kind: 'trial' }
  | ({ readonly kind: 'slot' } & Slot);

/**
 * Decides whether and how a caller may call AnyCheck next: by a slot, as the probe of an open circuit, as
 * a trial, or not yet.
 */
export function decideSlot(
  budget: Budget,
  {
    priority,
    credentials,
    now,
    settings,
  }: { priority: Priority; credentials: string; now: number; settings: BudgetSettings },
): SlotDecision {
  const closed = (until: number, isWorthWaiting = until - now <= MAX_WAIT_MS) =>
    ({ kind: 'closed', until, isWorthWaiting, refused: false }) as const;
  if (budget.pausedUntil > now) return closed(budget.pausedUntil);
  if (budget.refused === credentials) {
    if (budget.refusedUntil <= now) return { kind: 'trial' };
    return { ...closed(budget.refusedUntil, false), refused: true };
  }
  if (budget.probeAt !== undefined) return budget.probeAt <= now ? { kind: 'probe' } : closed(budget.probeAt, false);
  const of = PARTS_OPEN_TO[priority].reduce<Priority>(
    (a, b) => (budget.takenUntil[b] < budget.takenUntil[a] ? b : a),
    priority,
  );
  const perSecond = callsPerSecond(budget, settings);
  // Rounded to thousandths of a ms, since DynamoDB adds numbers in decimal.
  const intervalOf = (one: Priority) => Math.round((SECOND / (perSecond * BUDGET_PART[one])) * 1000) / 1000;
  const interval = intervalOf(of);
  const window = (budget.limit?.window ?? 1) * SECOND;
  const burst = Math.max(0, (window * (1 - STEADY)) / STEADY - interval);
  // Where calls are more than a second apart, a worker must be able to acquire the next slot ahead,
  // or it misses the slot.
  const planned = priority === 'worker' ? Math.max(AHEAD_MS.worker, intervalOf('worker')) : AHEAD_MS.reader;
  // A worker acquires at most the next two slots of the readers' part: a new reader then waits for two calls at most.
  const ahead = of === priority ? planned : Math.min(planned, 2 * interval);
  if (budget.takenUntil[of] > now + ahead) return closed(budget.takenUntil[of] - ahead, priority === 'worker');
  return { kind: 'slot', of, interval, floor: Math.round(now - burst), horizon: now + ahead };
}

/** Whether a pause or the open circuit stops a slot that was acquired before. @param now ms since the epoch. */
export const isShut = ({ pausedUntil, probeAt }: Budget, now: number): boolean =>
  pausedUntil > now || probeAt !== undefined;
