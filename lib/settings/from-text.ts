import * as z from 'zod';

/** A value given with `cdk -c key=value` arrives as text; one from cdk.json as JSON. Both are accepted. */
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

export const flag = z.preprocess(fromText, z.boolean('must be true or false'));
