import type { Store } from '../../domain/store/ports.ts';
import { changes } from './change-rows.ts';
import { erasures } from './erasures.ts';
import { type PublicationsOptions, publications } from './publications.ts';
import { schedules } from './schedules.ts';
import { snapshots } from './snapshots.ts';

export interface StoreOptions extends PublicationsOptions {
  /** ms since the epoch. */
  readonly now: () => number;
}

/** All parts of the store, for functions that refresh groups. Other functions take only the parts that they use. */
export const snapshotStore = (options: StoreOptions): Store => ({
  ...schedules(options),
  ...snapshots(options),
  ...publications(options),
  ...changes(options),
  ...erasures(options),
});
