import type { Budget, BudgetSettings, Lane } from './budget.ts';
import { callsPerSecond, STEADY } from './rate-limit.ts';

const SECOND = 1000;

/** What part of the budget each lane has; a worker takes what readers leave of theirs, too. */
const PART = { reader: 0.8, worker: 0.2 } as const;
const OPEN_TO = { reader: ['reader'], worker: ['worker', 'reader'] } as const satisfies Record<Lane, readonly Lane[]>;
/** ms that a call may be planned ahead: a reader waits so long. */
const AHEAD = { reader: 5 * SECOND, worker: SECOND } as const;
/** ms that a short hold or a probe of somebody else is waited for. */
const PATIENCE = 5 * SECOND;

/** The next call of the lane `of`: behind `floor` where it was idle, else behind the one before, up to `horizon`. */
export interface Slot {
  readonly of: Lane;
  /** ms. */
  readonly interval: number;
  /** ms since the epoch, as `horizon`. */
  readonly floor: number;
  readonly horizon: number;
}

export type Turn =
  /** Nobody, or not this caller, before `until`; `patient` where that is worth waiting for. */
  | { readonly kind: 'closed'; readonly until: number; readonly patient: boolean; readonly refused: boolean }
  | { readonly kind: 'probe' }
  | { readonly kind: 'trial' }
  | ({ readonly kind: 'line' } & Slot);

/** When a caller may ask AnyCheck next. */
export function turnOf(
  budget: Budget,
  { lane, credentials, now, settings }: { lane: Lane; credentials: string; now: number; settings: BudgetSettings },
): Turn {
  const closed = (until: number, patient = until - now <= PATIENCE) =>
    ({ kind: 'closed', until, patient, refused: false }) as const;
  if (budget.heldUntil > now) return closed(budget.heldUntil);
  if (budget.refused === credentials) {
    if (budget.refusedUntil <= now) return { kind: 'trial' };
    return { ...closed(budget.refusedUntil, false), refused: true };
  }
  if (budget.probeAt !== undefined) return budget.probeAt <= now ? { kind: 'probe' } : closed(budget.probeAt, false);
  const of = OPEN_TO[lane].reduce<Lane>((a, b) => (budget.taken[b] < budget.taken[a] ? b : a), lane);
  const perSecond = callsPerSecond(budget, settings);
  // Thousandths of a ms: DynamoDB adds them up in decimal.
  const intervalOf = (one: Lane) => Math.round((SECOND / (perSecond * PART[one])) * 1000) / 1000;
  const interval = intervalOf(of);
  const window = (budget.limit?.window ?? 1) * SECOND;
  const burst = Math.max(0, (window * (1 - STEADY)) / STEADY - interval);
  // Where calls are more than a second apart, whoever can't plan the next one is late for it.
  const planned = lane === 'worker' ? Math.max(AHEAD.worker, intervalOf('worker')) : AHEAD.reader;
  // Of the readers' part a worker takes no more than the next two calls: a reader who comes waits for two at most.
  const ahead = of === lane ? planned : Math.min(planned, 2 * interval);
  if (budget.taken[of] > now + ahead) return closed(budget.taken[of] - ahead, lane === 'worker');
  return { kind: 'line', of, interval, floor: Math.round(now - burst), horizon: now + ahead };
}

/** Whether a turn that was taken before doesn't stand any more. */
export const isShut = ({ heldUntil, probeAt }: Budget, now: number): boolean =>
  heldUntil > now || probeAt !== undefined;
