import * as z from 'zod';
import { LocalFault } from '../fault.ts';

/** What a template's references stand for on this machine. */
export interface References {
  /** @throws LocalFault when nothing is called that. */
  ref(name: string): string;
  /** @throws LocalFault when the resource is not there, or the local run has no such attribute. */
  attribute(logicalId: string, name: string): string;
}

const Join = z.tuple([z.string(), z.array(z.unknown())]);
const GetAtt = z.tuple([z.string(), z.string()]);

/** `value` with every intrinsic function replaced by what it stands for. */
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
    throw new LocalFault(`${name} in the template wants text and was given ${JSON.stringify(value)}.`);
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
