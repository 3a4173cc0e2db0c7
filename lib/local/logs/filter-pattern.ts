import { LocalFault } from '../fault.ts';

/** `{ $.name = "*" }` matches JSON with text in that field. */
const HAS_FIELD = /^\{\s*\$\.(\w+)\s*=\s*"\*"\s*\}$/;

/**
 * Returns a function that reports whether a log line matches a subscription filter.
 * @throws LocalFault for a pattern of another form than `{ $.name = "*" }`.
 */
export function parseFilterPattern(pattern: string): (line: string) => boolean {
  const field = HAS_FIELD.exec(pattern)?.[1];
  if (field === undefined)
    throw new LocalFault(`The filter pattern ${pattern} has a form that the local run does not support.`);
  return (line) => typeof fieldOf(line, field) === 'string';
}

function fieldOf(line: string, field: string): unknown {
  // Few lines contain the field, so this check avoids parsing the others.
  if (!line.includes(`"${field}"`)) return undefined;
  try {
    const parsed: Record<string, unknown> = JSON.parse(line);
    return Object.hasOwn(parsed, field) ? parsed[field] : undefined;
  } catch {
    return undefined;
  }
}
