import * as z from 'zod/mini';
import { invalidField, invalidRequest } from './api-error.ts';

const INTEGER = /^(0|[1-9][0-9]{0,15})$/;

/** A whole number of a query. */
export function integer(min: number, max: number) {
  const error = `must be an integer from ${min} to ${max}`;
  return z.pipe(
    z.pipe(z.string().check(z.regex(INTEGER, error)), z.transform(Number)),
    z.int(error).check(z.minimum(min, error), z.maximum(max, error)),
  );
}

/** Any whole number may be asked for; one that was never published is not found, however large. */
export const versionNumber = z
  .pipe(z.string().check(z.regex(/^\d+$/, 'must be a whole number')), z.transform(Number))
  .check(
    z.meta({
      type: 'integer',
      minimum: 0,
      description: 'A version of the group. They begin with 1.',
    }),
  );

/**
 * A time of a query (RFC 3339), in ms since the epoch. The offset's `+`, which a query can mean as a space, is taken for either;
 * `t` and `z` may be small (5.6), and a leap second is the last millisecond before it ends.
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
    z.iso.datetime({ offset: true, error: 'must be a time as RFC 3339 has it, such as 2026-01-31T08:00:00Z' }),
  ),
  z.transform((text: string) => Date.parse(text)),
);

/**
 * The parameters that a schema names, each given once or not at all; others are ignored.
 * @param rawQuery as sent, still percent-encoded.
 * @throws ApiError 400 naming each parameter at fault.
 */
export function parseQuery<Schema extends z.ZodMiniObject>(rawQuery: string, schema: Schema): z.output<Schema> {
  const query = new URLSearchParams(rawQuery);
  const given: Record<string, string> = {};
  for (const field of Object.keys(schema.shape)) {
    const [value, ...others] = query.getAll(field);
    if (others.length > 0) throw invalidField(field, 'is given more than once');
    if (value === '') throw invalidField(field, 'is empty');
    if (value !== undefined) given[field] = value;
  }
  return parsed(schema, given);
}

/** Of what has the wrong type, in the words of all other messages. Everything else says so itself: zod/mini has no words of its own. */
const whatIsWrong: z.core.$ZodErrorMap = ({ code, input, expected }) => {
  if (code !== 'invalid_type') return 'is not valid';
  return input === undefined ? 'is required' : `must be ${/^[aeio]/.test(String(expected)) ? 'an' : 'a'} ${expected}`;
};

/** A value of a request. @throws ApiError 400 naming each field at fault, never its value. */
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
