import type { BusEventType } from './bus-event.ts';
import type { GroupEvent } from './event.ts';

/** An event with the body that is sent. */
export interface StoredEvent extends Pick<GroupEvent, 'id' | 'timestamp'> {
  readonly type: BusEventType;
  /** Its JSON text, as it was stored at the first attempt to announce it. */
  readonly body: string;
}

export interface EventBus {
  /**
   * Sends events; at most 10 at once.
   * @returns for each whether the bus accepted it.
   * @throws an Error where the bus gave no answer. It can have accepted events then.
   */
  send(events: readonly StoredEvent[]): Promise<readonly boolean[]>;
}

/** ms for which a bus that failed is not tried again. */
const PAUSE_MS = 10_000;

/**
 * Fails at once for a time after the bus failed. So workers do not wait for a bus that is down, and refreshes go on.
 * @param now ms since the epoch.
 */
export function pausingBus(bus: EventBus, now: () => number): EventBus {
  let pausedUntil = 0;
  return {
    async send(events) {
      if (now() < pausedUntil) throw new BusPaused();
      try {
        return await bus.send(events);
      } catch (error) {
        pausedUntil = now() + PAUSE_MS;
        throw error;
      }
    },
  };
}

/** The event bus failed a moment ago, and is not tried yet. */
class BusPaused extends Error {
  override readonly name = 'BusPaused';
}
