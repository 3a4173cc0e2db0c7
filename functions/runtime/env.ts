import * as z from 'zod/mini';

/** The schema of a variable that must not be empty. */
export const nonEmptyString = z.string().check(z.minLength(1));

/**
 * Parses a function's environment variables.
 * @throws an Error that names each missing or invalid variable, never its value.
 */
export function parseEnv<Schema extends z.ZodMiniType>(schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new Error(`environment variables missing or invalid: ${[...new Set(names)].join(', ')}`);
}
