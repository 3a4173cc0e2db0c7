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

/** All of a group's rows, for functions that refresh groups; the others take the parts that they use. */
export const snapshotStore = (options: StoreOptions): Store => ({
  ...schedules(options),
  ...snapshots(options),
  ...publications(options),
  ...changes(options),
  ...erasures(options),
});
