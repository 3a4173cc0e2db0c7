import * as z from 'zod/mini';

/** A variable that has a text. */
export const nonEmptyString = z.string().check(z.minLength(1));

/** The function's configuration. @throws an Error naming each variable that is missing or unusable, never its value. */
export function parseEnv<Schema extends z.ZodMiniType>(schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new Error(`environment variables missing or unusable: ${[...new Set(names)].join(', ')}`);
}
