import type { KeyList } from '../../../domain/api-keys/ports.ts';
import { API_KEYS } from '../layout/keys.ts';
import { partition } from '../requests/partition.ts';
import type { Place } from '../requests/place.ts';
import { apiKeyOf } from './key-row.ts';

/** The keys, for the sweep. */
export const keyList = (place: Place): KeyList => ({
  all: async () => (await partition(place, API_KEYS, { isConsistent: false })).map(apiKeyOf),
});
