import * as z from 'zod/mini';
import { httpDate } from './http-date.ts';

const INTEGER = /^(0|[1-9][0-9]{0,15})$/;

/** The schema of an integer in a query. */
export function integer(min: number, max: number) {
  const error = `must be an integer from ${min} to ${max}`;
  return z.pipe(
    z.pipe(z.string().check(z.regex(INTEGER, error)), z.transform(Number)),
    z.int(error).check(z.minimum(min, error), z.maximum(max, error)),
  );
}

/**
 * The schema of a version number. Any whole number is valid; a version that was never published gives 404, however
 * large it is.
 */
export const versionNumber = z
  .pipe(z.string().check(z.regex(/^\d+$/, 'must be a whole number')), z.transform(Number))
  .check(
    z.meta({
      type: 'integer',
      minimum: 0,
      description: 'A version of the group. Versions begin with 1.',
    }),
  );

/**
 * The schema of a time in a query (RFC 3339, or an HTTP date such as a `Last-Modified`); its output is ms since the
 * epoch. A time in whole seconds means the whole second, so its output is the last millisecond: a `Last-Modified` is cut
 * to seconds, and the version that has it was published within that second. An unescaped `+` of the offset arrives as a
 * space, so both are valid. `t` and `z` may be lower case (5.6). A leap second becomes the last millisecond before it.
 */
export const Time = z.pipe(
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((text: string) => {
        const date = httpDate(text);
        if (date !== undefined) return new Date(date + 999).toISOString();
        return text
          .toUpperCase()
          .replace(/ (\d\d:\d\d)$/, '+$1')
          .replace(/(T\d\d:\d\d):60(\.\d+)?/, '$1:59.999')
          .replace(/(T[\d:]{8})(?=[Z+-])/, '$1.999');
      }),
    ),
    z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time, such as 2026-01-31T08:00:00Z' }),
  ),
  z.transform((text: string) => Date.parse(text)),
);
