import * as z from 'zod/mini';
import { PHASES, STATUSES } from './phase.ts';

/** A string with known values that is no enum: AnyCheck can add a value, and a caller must still accept the answer. */
const extensible = (id: string, values: readonly string[], what: string) =>
  z.string().check(z.meta({ id, description: `${what} Extensible enum: AnyCheck can add values.`, examples: values }));

/** A status as AnyCheck sends it. */
export const Status = extensible('Status', STATUSES, 'The status of a verification, or of a whole group.');

export const OutputStatus = extensible(
  'OutputStatus',
  ['VERIFIED', 'NOT_VERIFIED', 'PARTIALLY_NOT_VERIFIED'],
  'The result of a verification.',
);

export const PhaseName = z.enum(PHASES).check(
  z.meta({
    id: 'Phase',
    description: 'active: a machine will change the group. waiting: a person must act. settled: the group is complete.',
  }),
);
