import * as z from 'zod';
import { LocalFault } from '../fault.ts';

/** The values of a template's references on this machine. */
export interface References {
  /** @throws LocalFault when nothing has that name. */
  ref(name: string): string;
  /** @throws LocalFault when the resource does not exist, or the local run does not support the attribute. */
  attribute(logicalId: string, name: string): string;
}

const Join = z.tuple([z.string(), z.array(z.unknown())]);
const GetAtt = z.tuple([z.string(), z.string()]);

/**
 * Returns `value` with every intrinsic function replaced by its result.
 * @throws LocalFault for an unsupported function.
 */
export function resolve(value: unknown, references: References): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, references));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    return call(only[0], only[1], references);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, references)]));
}

function call(name: string, argument: unknown, references: References): unknown {
  const text = (value: unknown): string => {
    const resolved = resolve(value, references);
    if (typeof resolved === 'string' || typeof resolved === 'number') return String(resolved);
    throw new LocalFault(`${name} in the template requires text, not ${JSON.stringify(value)}.`);
  };
  const argumentsOf = <T>(schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(argument);
    if (parsed.success) return parsed.data;
    throw new LocalFault(`${name} in the template has arguments of another form: ${JSON.stringify(argument)}.`);
  };
  switch (name) {
    case 'Ref':
      return references.ref(argumentsOf(z.string()));
    case 'Fn::GetAtt':
      return references.attribute(...argumentsOf(GetAtt));
    case 'Fn::Join': {
      const [separator, items] = argumentsOf(Join);
      return items.map(text).join(separator);
    }
    case 'Fn::Sub':
      return argumentsOf(z.string()).replace(/\$\{([^}]+)\}/g, (_, key: string) => text({ Ref: key }));
    default:
      throw new LocalFault(`The template uses ${name}, which the local run does not support.`);
  }
}
