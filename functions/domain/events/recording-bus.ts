import type { EventBus } from './event-bus.ts';

/**
 * Records when an event bus fails, and when it works again. The first success is recorded, too, because an earlier run
 * may have recorded a failure. Further successes cost no write. Where the record cannot be written, the events are
 * announced all the same: the marks of the same table then fail, too.
 * @param record receives the time of the failure, ms since the epoch; undefined once the bus works again.
 * @param now ms since the epoch.
 */
export function recordingBus(
  bus: EventBus,
  record: (failedAt: number | undefined) => Promise<void>,
  now: () => number,
): EventBus {
  let isKnownToWork = false;
  async function report(hasFailed: boolean): Promise<void> {
    if (hasFailed || !isKnownToWork) await record(hasFailed ? now() : undefined).catch(() => {});
    isKnownToWork = !hasFailed;
  }
  return {
    async send(events) {
      try {
        const accepted = await bus.send(events);
        await report(accepted.includes(false));
        return accepted;
      } catch (error) {
        await report(true);
        throw error;
      }
    },
  };
}
