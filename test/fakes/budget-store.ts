import { type Budget, UNUSED } from '../../functions/domain/upstream/budget.ts';
import type { BudgetStore, Cleared } from '../../functions/domain/upstream/budget-store.ts';

const CLEARED = {
  failures: {
    failures: UNUSED.failures,
    failingSince: UNUSED.failingSince,
    failingGroups: UNUSED.failingGroups,
    failingReason: UNUSED.failingReason,
  },
  circuit: { probeAt: UNUSED.probeAt },
  refusals: { refusals: UNUSED.refusals },
  credentials: { refused: UNUSED.refused, refusedUntil: UNUSED.refusedUntil, refusedFor: UNUSED.refusedFor },
} satisfies Record<Cleared, Partial<Budget>>;

/** A budget in memory. @returns a function that makes the store of one more instance that shares it. */
export function budgetInMemory(): () => BudgetStore {
  let shared = UNUSED;
  return () => {
    let known = UNUSED;
    const write = async (change: Partial<Budget>, holds = true): Promise<boolean> => {
      if (!holds) return false;
      shared = { ...shared, ...change };
      known = shared;
      return true;
    };
    const always = async (change: Partial<Budget>): Promise<void> => {
      await write(change);
    };
    return {
      get known() {
        return known;
      },
      async read() {
        known = shared;
        return known;
      },
      acquireProbe: (now, next) => write({ probeAt: next }, shared.probeAt !== undefined && shared.probeAt <= now),
      acquireTrial: (now, next) => write({ refusedUntil: next }, shared.refusedUntil <= now),
      acquireSlot({ of, interval, floor, horizon, isBurst, burstSince, isEarly }, credentials, now) {
        const isOpen = shared.probeAt === undefined && shared.pausedUntil <= now && shared.refused !== credentials;
        const taken = { ...shared.takenUntil, [of]: Math.max(shared.takenUntil[of], floor) + interval };
        const isIdle = known.takenUntil[of] <= floor;
        const isCounting = shared.burstAt > burstSince;
        const isSame = of === 'worker' || isCounting === isBurst;
        const canTake = isOpen && isSame && shared.takenUntil[of] <= (isIdle ? floor : horizon);
        return write({ takenUntil: taken, ...(isEarly && { burstAt: now }) }, canTake);
      },
      setLimit: (limit) => always({ limit }),
      slowDown: (slowdown, now) => always({ slowdown, slowedAt: now }),
      countRefusal: () => always({ refusals: shared.refusals + 1 }),
      pauseUntil: (until) => write({ pausedUntil: until }, shared.pausedUntil < until),
      refuseCredentials: (credentials, until, span) =>
        always({ refused: credentials, refusedUntil: until, refusedFor: span }),
      countFailure: ({ group, reason, now }) =>
        always({
          failures: shared.failures + 1,
          failingSince: shared.failingSince || now,
          failingReason: reason,
          failingGroups: new Set([...shared.failingGroups, ...(group === undefined ? [] : [group])]),
        }),
      openCircuit: (probeAt) => write({ probeAt }, shared.probeAt === undefined),
      clear: (what) => always(Object.assign({}, ...what.map((one) => CLEARED[one]))),
    };
  };
}
