import * as z from 'zod';

/** A property that means nothing on a laptop, such as encryption at rest: a template may hold it, and the local run leaves it out. */
export const IGNORED = z
  .unknown()
  .transform(() => undefined)
  .optional();
