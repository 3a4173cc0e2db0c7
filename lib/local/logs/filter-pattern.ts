import { LocalFault } from '../fault.ts';

/** `{ $.name = "*" }`: JSON with text in that field. */
const HAS_FIELD = /^\{\s*\$\.(\w+)\s*=\s*"\*"\s*\}$/;

/**
 * Whether a log line is one that a subscription filter picks.
 * @throws LocalFault for a pattern of another form than `{ $.name = "*" }`, the only one that is known here.
 */
export function parseFilterPattern(pattern: string): (line: string) => boolean {
  const field = HAS_FIELD.exec(pattern)?.[1];
  if (field === undefined) throw new LocalFault(`The filter pattern ${pattern} is of a form that is not known here.`);
  return (line) => typeof fieldOf(line, field) === 'string';
}

function fieldOf(line: string, field: string): unknown {
  // Few lines have it: the others are not parsed.
  if (!line.includes(`"${field}"`)) return undefined;
  try {
    const parsed: Record<string, unknown> = JSON.parse(line);
    return Object.hasOwn(parsed, field) ? parsed[field] : undefined;
  } catch {
    return undefined;
  }
}
