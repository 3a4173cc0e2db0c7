import * as z from 'zod/mini';
import { UUID } from './uuid.ts';

/** A group's id: a UUID of any version. It is stored in lower case. */
export const ResultId = z
  .pipe(
    z.string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be a string') }).check(
      z.refine((text) => UUID.test(text), {
        error: 'must be a UUID, 8-4-4-4-12 hexadecimal digits',
        // AnyCheck's error code for an invalid id.
        params: { code: 'INVALID_ID' },
      }),
    ),
    z.transform((id: string) => id.toLowerCase()),
  )
  .check(
    z.meta({ type: 'string', format: 'uuid', description: 'The id of a group: all verifications that share it.' }),
  );

/** Returns the result_id of any value; undefined where it is not a UUID. */
export const resultIdFrom = (value: unknown): string | undefined => ResultId.safeParse(value).data;
