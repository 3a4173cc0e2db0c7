import * as z from 'zod';
import { LocalFault } from './fault.ts';

/** What a template's references stand for on this machine. */
export interface References {
  /** @throws LocalFault when nothing is called that. */
  ref(name: string): unknown;
  /** @throws LocalFault when the resource is not there, or the local run has no such attribute. */
  attribute(logicalId: string, name: string): unknown;
}

const Join = z.tuple([z.string(), z.array(z.unknown())]);
const Select = z.tuple([z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]), z.unknown()]);
const Split = z.tuple([z.string(), z.unknown()]);
const GetAtt = z.union([
  z.tuple([z.string(), z.string()]),
  z.string().transform((text): [string, string] => {
    const [logicalId = '', ...attribute] = text.split('.');
    return [logicalId, attribute.join('.')];
  }),
]);
const Sub = z.union([
  z.tuple([z.string(), z.record(z.string(), z.unknown())]),
  z.string().transform((text): [string, Record<string, unknown>] => [text, {}]),
]);

/** `value` with every intrinsic function replaced by what it stands for; `AWS::NoValue` removes its key. */
export function resolve(value: unknown, references: References): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, references)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    return call(only[0], only[1], references);
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolve(item, references)]).filter(([, item]) => item !== undefined),
  );
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
    case 'Fn::Split': {
      const [separator, whole] = argumentsOf(Split);
      return text(whole).split(separator);
    }
    case 'Fn::Select': {
      const [index, list] = argumentsOf(Select);
      const items = resolve(list, references);
      if (Array.isArray(items) && index < items.length) return resolve(items[index], references);
      throw new LocalFault(`Fn::Select in the template finds nothing at ${index} in ${JSON.stringify(items)}.`);
    }
    case 'Fn::Sub': {
      const [pattern, variables] = argumentsOf(Sub);
      return pattern.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, key: string) => {
        if (literal !== '') return `\${${key}}`;
        if (Object.hasOwn(variables, key)) return text(variables[key]);
        return text(key.includes('.') ? { 'Fn::GetAtt': key } : { Ref: key });
      });
    }
    default:
      throw new LocalFault(`The template uses ${name}, which the local run does not know.`);
  }
}
