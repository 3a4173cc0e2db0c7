import type { WorkerStore } from '../../domain/store/ports.ts';
import { announcements } from './announcements.ts';
import { type StoreOptions, snapshotStore } from './snapshot-store.ts';

/** The store of the refresh worker. */
export const workerStore = (options: StoreOptions): WorkerStore => ({
  ...snapshotStore(options),
  ...announcements(options),
});
