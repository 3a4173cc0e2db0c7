import * as z from 'zod';

/** Parses a setting. `cdk -c key=value` passes it as text, cdk.json as JSON; text that is not JSON stays text. */
export function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^\s*[{[]/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** Parses a list. On the command line, it is JSON, or text with commas. */
export const fromCommas = (value: unknown): unknown => {
  const parsed = fromText(value);
  if (typeof parsed === 'string') return parsed.split(',').map((word) => fromText(word.trim()));
  return Array.isArray(parsed) ? parsed : [parsed];
};

export const flag = z.preprocess(fromText, z.boolean('must be true or false'));
