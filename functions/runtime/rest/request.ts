import * as z from 'zod/mini';
import { type Fault, invalidField, invalidRequest } from './api-error.ts';
import { nearest } from './nearest.ts';

/**
 * Parses a query. Each parameter that the schema names may appear once. A strict schema refuses other parameters, any
 * other schema ignores them.
 * @param rawQuery as sent, still percent-encoded.
 * @throws ApiError 400 that names each invalid parameter.
 */
export function parseQuery<Schema extends z.ZodMiniObject>(rawQuery: string, schema: Schema): z.output<Schema> {
  const query = new URLSearchParams(rawQuery);
  for (const field of Object.keys(schema.shape)) {
    const [value, ...others] = query.getAll(field);
    if (others.length > 0) throw invalidField(field, 'appears more than once');
    if (value === '') throw invalidField(field, 'is empty');
  }
  return parsed(schema, Object.fromEntries(query));
}

/**
 * The message for a value of the wrong type, worded like the other messages. Schemas bring their own texts: zod/mini
 * has none.
 */
const whatIsWrong: z.core.$ZodErrorMap = ({ code, input, expected }) => {
  if (code !== 'invalid_type') return 'is not valid';
  return input === undefined ? 'is required' : `must be ${/^[aeio]/.test(String(expected)) ? 'an' : 'a'} ${expected}`;
};

/** The most unknown names that an error lists. Otherwise an error could exceed Lambda's limit. */
const MAX_UNKNOWN = 10;
/** An error repeats only such names: a caller's mistake can put a secret or personal data where a name belongs. */
const REPEATABLE = /^[a-z_]{1,32}$/i;

/** The faults of names that a strict schema does not know. Each names the nearest known name, or else all of them. */
const unknownNames = (names: readonly string[], known: readonly string[]): Fault[] =>
  names.slice(0, MAX_UNKNOWN).map((name) => {
    const meant = nearest(name, known);
    const all = known.length > 0 ? `The known names are ${known.join(', ')}` : 'The route takes no query parameters';
    const advice = meant === undefined ? all : `Did you mean ${meant}?`;
    const field = meant !== undefined || REPEATABLE.test(name) ? name : 'A name';
    return { field, what: `is unknown. ${advice}` };
  });

/** Parses a value of a request. @throws ApiError 400 that names each invalid field, never its value. */
export function parsed<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { error: whatIsWrong });
  if (result.success) return result.data;
  throw invalidRequest(
    result.error.issues.flatMap((issue): Fault[] => {
      if (issue.code === 'unrecognized_keys') return unknownNames(issue.keys, namesOf(schema));
      const isId = issue.code === 'custom' && issue.params?.code === 'INVALID_ID';
      return [{ field: issue.path.join('.'), what: issue.message, isId }];
    }),
  );
}

/** The names that a schema of a whole query or body knows. */
const namesOf = (schema: z.ZodMiniType): string[] =>
  schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : [];
