import * as z from 'zod/mini';
import { invalidField, invalidRequest } from './api-error.ts';

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
 * The schema of a time in a query (RFC 3339); its output is ms since the epoch. An unescaped `+` of the offset arrives
 * as a space, so both are valid. `t` and `z` may be lower case (5.6). A leap second becomes the last millisecond before
 * it.
 */
export const Time = z.pipe(
  z.pipe(
    z.pipe(
      z.string(),
      z.transform((text: string) =>
        text
          .toUpperCase()
          .replace(/ (\d\d:\d\d)$/, '+$1')
          .replace(/(T\d\d:\d\d):60(\.\d+)?/, '$1:59.999'),
      ),
    ),
    z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time, such as 2026-01-31T08:00:00Z' }),
  ),
  z.transform((text: string) => Date.parse(text)),
);

/**
 * Parses the query parameters that a schema names. Each may appear once; other parameters are ignored.
 * @param rawQuery as sent, still percent-encoded.
 * @throws ApiError 400 that names each invalid parameter.
 */
export function parseQuery<Schema extends z.ZodMiniObject>(rawQuery: string, schema: Schema): z.output<Schema> {
  const query = new URLSearchParams(rawQuery);
  const values: Record<string, string> = {};
  for (const field of Object.keys(schema.shape)) {
    const [value, ...others] = query.getAll(field);
    if (others.length > 0) throw invalidField(field, 'appears more than once');
    if (value === '') throw invalidField(field, 'is empty');
    if (value !== undefined) values[field] = value;
  }
  return parsed(schema, values);
}

/**
 * The message for a value of the wrong type, worded like the other messages. Schemas bring their own texts: zod/mini
 * has none.
 */
const whatIsWrong: z.core.$ZodErrorMap = ({ code, input, expected }) => {
  if (code !== 'invalid_type') return 'is not valid';
  return input === undefined ? 'is required' : `must be ${/^[aeio]/.test(String(expected)) ? 'an' : 'a'} ${expected}`;
};

/** Parses a value of a request. @throws ApiError 400 that names each invalid field, never its value. */
export function parsed<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { error: whatIsWrong });
  if (result.success) return result.data;
  throw invalidRequest(
    result.error.issues.map((issue) => ({
      field: issue.path.join('.'),
      what: issue.message,
      isId: issue.code === 'custom' && issue.params?.code === 'INVALID_ID',
    })),
  );
}
