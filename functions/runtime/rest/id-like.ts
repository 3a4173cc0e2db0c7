import * as z from 'zod/mini';

/** The schema of an id of this service. @param what names the thing with its article. */
export const idLike = (pattern: RegExp, what: string) =>
  z.string().check(
    z.refine((text) => pattern.test(text), {
      error: `must be the id of ${what}`,
      // AnyCheck's error code for an invalid id.
      params: { code: 'INVALID_ID' },
    }),
    z.meta({ type: 'string', pattern: pattern.source, description: `The id of ${what}.` }),
  );
