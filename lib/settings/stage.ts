import * as z from 'zod';

/** The stage that `npm start` runs. It never leaves this machine. */
export const LOCAL_STAGE = 'local';

/** The stage of a deployment that names none. */
const DEFAULT_STAGE = 'prod';

/** Files of `config/` that belong to the project, so no stage can have them. */
const TAKEN = ['example', 'schema'];

export const stage = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 characters of a-z, 0-9 and -, starting with a letter')
  .refine((name) => !TAKEN.includes(name), `must not be ${TAKEN.join(' or ')}, which config/ holds for every stage`)
  .default(DEFAULT_STAGE);
