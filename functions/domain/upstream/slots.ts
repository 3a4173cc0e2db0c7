import type { Budget, BudgetSettings, Priority } from './budget.ts';
import { callsPerSecond, STEADY } from './rate-limit.ts';

const SECOND = 1000;

/** What part of the budget each priority has; a worker takes what readers leave of theirs, too. */
const BUDGET_PART = { reader: 0.8, worker: 0.2 } as const;
const PARTS_OPEN_TO = { reader: ['reader'], worker: ['worker', 'reader'] } as const satisfies Record<
  Priority,
  readonly Priority[]
>;
/** ms that a call may be planned ahead: a reader waits so long. */
const AHEAD_MS = { reader: 5 * SECOND, worker: SECOND } as const;
/** ms that a short hold or a probe of somebody else is waited for. */
const MAX_WAIT_MS = 5 * SECOND;

/** The next call of the priority `of`: behind `floor` where it was idle, else behind the one before, up to `horizon`. */
export interface Slot {
  readonly of: Priority;
  /** ms. */
  readonly interval: number;
  /** ms since the epoch, as `horizon`. */
  readonly floor: number;
  readonly horizon: number;
}

export type SlotDecision =
  /** Nobody, or not this caller, before `until`; `isWorthWaiting` where that is worth waiting for. */
  | { readonly kind: 'closed'; readonly until: number; readonly isWorthWaiting: boolean; readonly refused: boolean }
  | { readonly kind: 'probe' }
  | { readonly kind: 'trial' }
  | ({ readonly kind: 'line' } & Slot);

/** When a caller may ask AnyCheck next. */
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
  // Thousandths of a ms: DynamoDB adds them up in decimal.
  const intervalOf = (one: Priority) => Math.round((SECOND / (perSecond * BUDGET_PART[one])) * 1000) / 1000;
  const interval = intervalOf(of);
  const window = (budget.limit?.window ?? 1) * SECOND;
  const burst = Math.max(0, (window * (1 - STEADY)) / STEADY - interval);
  // Where calls are more than a second apart, whoever can't plan the next one is late for it.
  const planned = priority === 'worker' ? Math.max(AHEAD_MS.worker, intervalOf('worker')) : AHEAD_MS.reader;
  // Of the readers' part a worker takes no more than the next two calls: a reader who comes waits for two at most.
  const ahead = of === priority ? planned : Math.min(planned, 2 * interval);
  if (budget.takenUntil[of] > now + ahead) return closed(budget.takenUntil[of] - ahead, priority === 'worker');
  return { kind: 'line', of, interval, floor: Math.round(now - burst), horizon: now + ahead };
}

/** Whether a turn that was taken before doesn't stand any more. */
export const isShut = ({ pausedUntil: heldUntil, probeAt }: Budget, now: number): boolean =>
  heldUntil > now || probeAt !== undefined;
