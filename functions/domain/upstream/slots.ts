import type { Budget, BudgetSettings, Priority } from './budget.ts';
import { BURST, callsPerSecond, STEADY } from './rate-limit.ts';

const SECOND = 1000;

/** The part of the budget of each priority. A worker also uses what readers leave of their part. */
const BUDGET_PART = { reader: 0.8, worker: 0.2 } as const;
/** ms that a slot may lie ahead: the longest wait of a caller for its slot. */
const AHEAD_MS = { reader: 5 * SECOND, worker: SECOND } as const;
/**
 * ms after a pause for which no burst begins: AnyCheck refused a call, or the announced limit was used up. Other callers
 * use the limit too, or AnyCheck takes fewer calls at once than it announces.
 */
const NO_BURST_MS = 3600 * SECOND;
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
  /** Whether a burst of the readers counts. The slot holds only where that is still so. */
  readonly isBurst: boolean;
  /** ms since the epoch: bursts whose last early slot came later still count. */
  readonly burstSince: number;
  /** Whether this is an early slot: it begins a burst, or goes on with one. */
  readonly isEarly: boolean;
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
  const of = priority === 'worker' && readersAreAhead(budget, now) ? 'reader' : priority;
  const perSecond = callsPerSecond(budget, settings);
  const intervalOf = (one: Priority) => rounded(SECOND / (perSecond * BUDGET_PART[one]));
  const window = (budget.limit?.window ?? 1) * SECOND;
  const steady = Math.max(0, (window * (1 - STEADY)) / STEADY - intervalOf(of));
  const burstSince = now - window;
  const isBurst = of === 'reader' && budget.burstAt > burstSince;
  const spread = rounded((intervalOf(of) * STEADY) / (STEADY - BURST));
  const mayBurst = priority === 'reader' && budget.pausedUntil + NO_BURST_MS <= now;
  const burst = mayBurst ? burstLength(budget, settings, spread) : 0;
  const floor = Math.round(now - Math.max(steady, burst));
  const isEarly = Math.max(budget.takenUntil[of], floor) < Math.round(now - steady);
  const interval = isBurst || isEarly ? spread : intervalOf(of);
  // Where calls are more than a second apart, a worker must be able to acquire the next slot ahead,
  // or it misses the slot.
  const planned = priority === 'worker' ? Math.max(AHEAD_MS.worker, intervalOf('worker')) : AHEAD_MS.reader;
  // A worker acquires at most the next two slots of the readers' part: a new reader then waits for two calls at most.
  const ahead = of === priority ? planned : Math.min(planned, 2 * interval);
  if (budget.takenUntil[of] > now + ahead) return closed(budget.takenUntil[of] - ahead, priority === 'worker');
  return {
    kind: 'slot',
    of,
    interval,
    floor,
    horizon: now + ahead,
    isBurst,
    burstSince,
    isEarly,
  };
}

/** Whether a worker finds a slot sooner in the readers' part. It leaves that alone while its own part has a free slot. */
const readersAreAhead = ({ takenUntil: { reader, worker } }: Budget, now: number): boolean =>
  worker > now && reader < worker;

/** Rounds to thousandths of a ms, since DynamoDB adds numbers in decimal. */
const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Returns how far in the past readers' slots may begin, ms: the length of a burst, if no slot of it was taken yet. */
function burstLength({ limit, slowdown }: Budget, { share }: BudgetSettings, spread: number): number {
  return limit ? ((limit.calls * share * BUDGET_PART.reader * BURST) / slowdown) * spread : 0;
}

/** Whether a pause or the open circuit stops a slot that was acquired before. @param now ms since the epoch. */
export const isShut = ({ pausedUntil, probeAt }: Budget, now: number): boolean =>
  pausedUntil > now || probeAt !== undefined;
