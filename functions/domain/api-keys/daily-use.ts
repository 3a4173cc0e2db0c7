import type { KeyReader } from './ports.ts';
import { remember } from './remember.ts';

const DAY_MS = 86_400_000;
/** The time that a record of a use may take from a caller. */
const TIMEOUT_MS = 500;

interface Deps {
  readonly keys: Pick<KeyReader, 'used'>;
  readonly now: () => number;
  /** Receives the error if a use cannot be recorded in time. */
  readonly onFault: (error: unknown) => void;
  readonly timeoutMs?: number;
}

/**
 * Records the days on which keys are used. It tries once per key and day.
 * @returns a function that records a use of a key. Its promise never rejects, and takes half a second at most.
 */
export function dailyUse({ keys, now, onFault, timeoutMs = TIMEOUT_MS }: Deps): (id: string) => Promise<void> {
  const days = new Map<string, number>();
  return async (id) => {
    const day = Math.floor(now() / DAY_MS);
    if (days.get(id) === day) return;
    remember(days, id, day);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error('the use of a key was not recorded in time')), timeoutMs);
    await Promise.race([keys.used(id, now()), late.promise]).catch(onFault);
    clearTimeout(timer);
  };
}
