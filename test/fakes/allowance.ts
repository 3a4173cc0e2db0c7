import type { Allowance } from '../../functions/domain/ports.ts';

/** The allowance of somebody who may ask about whatever there is. */
export const UNLIMITED: Allowance = { take: async () => 'unlimited', giveBack: async () => {} };
