import * as z from 'zod';

/**
 * A property without a local meaning, such as encryption at rest. The local run accepts it in a template and ignores
 * it.
 */
export const IGNORED = z
  .unknown()
  .transform(() => undefined)
  .optional();
