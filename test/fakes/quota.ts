import type { Quota } from '../../functions/domain/read/quota.ts';

/** The quota of a caller without limits. */
export const UNLIMITED: Quota = { remaining: async () => Number.POSITIVE_INFINITY, count: async () => {} };
