import type { RefreshDueDeps } from '../../functions/domain/refresh/refresh-due.ts';

/** An event bus that accepts everything, and has no subscriber. */
export const UNHEARD_BUS: Pick<RefreshDueDeps, 'bus' | 'onAnnouncement'> = {
  bus: { send: async (events) => events.map(() => true) },
  onAnnouncement: () => {},
};
