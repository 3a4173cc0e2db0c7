import * as z from 'zod/mini';

const Written = z.looseObject({
  $defs: z._default(z.record(z.string(), z.unknown()), {}),
  properties: z._default(z.record(z.string(), z.looseObject({ description: z.optional(z.string()) })), {}),
  required: z._default(z.array(z.string()), []),
});

export interface Schemas {
  /** As JSON Schema 2020-12: what a caller may send (`input`), or what an answer is (`output`). */
  of(schema: z.ZodMiniType, io: 'input' | 'output'): object;
  /** The fields of a query or a path, which a caller sends as text, in the form that they stand for. */
  fields(schema: z.ZodMiniObject): Field[];
  /** Those with an id, to which the others refer. */
  readonly shared: Readonly<Record<string, unknown>>;
}

interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly schema: object;
}

/** Schemas for one document, written from zod's. */
export function schemas(): Schemas {
  const shared: Record<string, unknown> = {};
  const write = (schema: z.ZodMiniType, io: 'input' | 'output') => {
    const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any', override }));
    const { $defs, $schema, ...written } = Written.parse(JSON.parse(text.replaceAll(DEFINED, SHARED)));
    for (const [id, one] of Object.entries($defs)) {
      if (id in shared && JSON.stringify(shared[id]) !== JSON.stringify(one)) {
        throw new Error(`two schemas are called ${id}, or one that is sent in another form than it is answered`);
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

/** Where zod puts what has an id, and where OpenAPI has it. */
const DEFINED = '"$ref":"#/$defs/';
const SHARED = '"$ref":"#/components/schemas/';

/** Leaves out what tells readers nothing: a pattern beside the format that it spells out, bounds that all numbers have. */
function override({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
