import fc from 'fast-check';
import * as z from 'zod';

/** In much of what is sent, so that it is found wherever it was written down. */
export const MARK = 'MARK-3174-BUDI';

const UUID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

/** Texts that have broken something somewhere. */
const NASTY = [
  ...['', ' ', '0', '-1', '00', '1.5', '1e400', '0x10', '9'.repeat(400), 'NaN', 'null', 'true', '[]', '{}'],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'prototype'],
  ...['../../etc/passwd', '..\\..', '%', '%zz', '%00', '\0', '%2F', '%252e%252e%252f', '/', '//', '.', '..'],
  ...['\r\nx-injected: yes\r\n', '%0d%0ax-injected:%20yes', '\n', '\u2028', '\ufeff', '\ud800', '😀', 'ﬀＡ'],
  ...["' OR '1'='1", '{"$gt":""}', '<script>alert(1)</script>', `$\{jndi:ldap://${MARK}}`, '{{7*7}}', ':pk', '#pk'],
  ...[`${UUID}x`, `{${UUID}}`, UUID.replaceAll('-', ''), ` ${UUID}`, `${UUID}\n`, '0'.repeat(36), MARK],
  ...['2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z', '2026-01-01T24:00:00+23:59'],
  'x'.repeat(5_000),
];

export const nasty = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** Characters that may stand in a request's head, or not. */
export const rough = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});

/** What is known beside the schemas: good values of fields, by their names. */
export type Known = Readonly<Record<string, readonly string[]>>;

const Node = z.looseObject({
  type: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
});

/** Values that a JSON Schema allows, or nearly so. */
export function valueFor(schema: unknown, name: string, known: Known): fc.Arbitrary<unknown> {
  const node = Node.parse(schema);
  const good = known[name];
  if (good?.length) return fc.constantFrom(...good);
  if (node.enum) return fc.constantFrom(...node.enum);
  if (node.format === 'uuid') return fc.oneof(fc.uuid(), fc.constant(UUID.toUpperCase()));
  if (node.format === 'date-time') {
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
      .map((at) => at.toISOString());
  }
  if (node.type === 'boolean') return fc.boolean();
  if (node.type === 'integer') {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = node;
    return fc.oneof(
      fc.integer({ min: 0, max: 4 }),
      fc.maxSafeInteger(),
      fc.constantFrom(minimum, maximum, maximum + 1),
    );
  }
  if (node.type === 'array') return fc.array(valueFor(node.items, name.replace(/s$/, ''), known), { maxLength: 4 });
  if (node.type === 'object') {
    return fc.record(
      Object.fromEntries(Object.entries(node.properties).map(([key, one]) => [key, valueFor(one, key, known)])),
    );
  }
  if (node.type === 'string') return fc.string();
  const fields = Object.entries(known).map(([key, values]) => [key, fc.constantFrom(...values)] as const);
  return fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.record(Object.fromEntries(fields), { requiredKeys: [] }));
}

/** The same as a query or a path has it. */
export const textFor = (schema: unknown, name: string, known: Known): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: valueFor(schema, name, known).map((value) =>
        typeof value === 'string' ? value : JSON.stringify(value),
      ),
    },
    { weight: 1, arbitrary: nasty },
  );
