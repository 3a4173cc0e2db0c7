import * as z from 'zod/mini';

const Written = z.looseObject({
  $defs: z._default(z.record(z.string(), z.unknown()), {}),
  properties: z._default(z.record(z.string(), z.looseObject({ description: z.optional(z.string()) })), {}),
  required: z._default(z.array(z.string()), []),
});

export interface Schemas {
  /** A schema as JSON Schema 2020-12, for what a caller sends (`input`) or receives (`output`). */
  of(schema: z.ZodMiniType, io: 'input' | 'output'): object;
  /** The fields of a query or a path. A caller sends them as text; each schema describes the parsed value. */
  fields(schema: z.ZodMiniObject): Field[];
  /** The schemas with an id. Other schemas refer to them. */
  readonly shared: Readonly<Record<string, unknown>>;
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: object;
}

/** Collects the schemas of one document, converted from zod's. */
export function schemas(): Schemas {
  const shared: Record<string, unknown> = {};
  const write = (schema: z.ZodMiniType, io: 'input' | 'output') => {
    const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any', override }));
    const { $defs, $schema, ...written } = Written.parse(JSON.parse(text.replaceAll(DEFINED, SHARED)));
    for (const [id, one] of Object.entries($defs)) {
      if (id in shared && JSON.stringify(shared[id]) !== JSON.stringify(one)) {
        throw new Error(`two different schemas are called ${id}, or one schema differs between input and output`);
      }
      shared[id] = one;
    }
    return written;
  };
  return {
    shared,
    of(schema, io) {
      const { properties, required, ...rest } = write(schema, io);
      return {
        ...rest,
        ...(Object.keys(properties).length > 0 && { properties }),
        ...(required.length > 0 && { required }),
      };
    },
    fields(schema) {
      const { required } = write(schema, 'input');
      return Object.entries(write(schema, 'output').properties).map(([name, { description, ...rest }]) => ({
        name,
        required: required.includes(name),
        description,
        schema: rest,
      }));
    },
  };
}

/** The prefix of zod's references to schemas with an id, and OpenAPI's prefix for them. */
const DEFINED = '"$ref":"#/$defs/';
const SHARED = '"$ref":"#/components/schemas/';

/**
 * Removes what gives readers no information: a pattern that repeats the format, the bounds of all safe integers, and
 * that the name of a member is a string.
 */
function override({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (isPlainString(jsonSchema.propertyNames)) delete jsonSchema.propertyNames;
}

const isPlainString = (schema: unknown): boolean => JSON.stringify(schema) === '{"type":"string"}';
