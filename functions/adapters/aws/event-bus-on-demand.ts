import type { EventBus } from '../../domain/events/event-bus.ts';
import { lazy } from '../../domain/lazy.ts';

/**
 * An event bus whose client loads only when there is an event to send.
 * @param open creates the bus with the functions of the adapter.
 */
export function eventBusOnDemand(open: (adapter: typeof import('./event-bus.ts')) => EventBus): EventBus {
  const bus = lazy(async () => open(await import('./event-bus.ts')));
  return { send: async (events) => (await bus()).send(events) };
}
