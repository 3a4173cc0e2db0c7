import * as z from 'zod';
import { parseSettings, Settings } from '../../../../lib/settings/settings.ts';

const DEFAULTS: Readonly<Record<string, unknown>> = parseSettings({});

/** Every setting in the order of the schema: its text in Markdown, and its default; null where it has none. */
export const ALL = Object.entries(Settings.shape).map(([name, { description }]) => {
  if (description === undefined) throw new Error(`The setting ${name} has no .describe() in lib/settings/.`);
  // A file has its stage from its name.
  return { name, description, initial: name === 'stage' ? null : (DEFAULTS[name] ?? null) };
});

type Schema = Readonly<Record<string, unknown>>;
const Schema = z.record(z.string(), z.unknown());

/** The settings as a JSON Schema. */
const SCHEMA = z
  .object({ properties: z.record(z.string(), Schema) })
  .parse(z.toJSONSchema(Settings, { io: 'input', target: 'draft-7' }));

/** What the schema says of one setting. */
export const schemaOf = (name: string): Schema => SCHEMA.properties[name] ?? {};

/** Links of the documentation lead nowhere in JSON. */
const withoutLinks = (text: string) => text.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');

const COMMENTS = { '^//': { description: 'A comment.' } };

const orNull = (schema: unknown) => ({ anyOf: [schema, { type: 'null' }] });

/** The schema of a setting's value in a file, where an object may have comments, and null for what is not set. */
function inFile(schema: Schema): Schema {
  if (schema.type !== 'object') return schema;
  const { properties = {}, propertyNames: name, additionalProperties: other, ...rest } = schema;
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(Schema.parse(properties)).map(([key, one]) => [key, orNull(one)])),
    patternProperties: COMMENTS,
    ...(name ? { propertyNames: { anyOf: [name, { pattern: '^//' }] } } : {}),
    additionalProperties: other && orNull(other),
  };
}

/** The text of `config/schema.json`, a JSON Schema with which editors check and explain a stage's file. */
export function schemaText(): string {
  const properties = ALL.map(({ name, description, initial }) => {
    const { description: _, default: __, ...rest } = schemaOf(name);
    return [name, { description: withoutLinks(description), default: initial, ...orNull(inFile(rest)) }];
  });
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'The settings of a stage of anycheck-snapshots',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
    patternProperties: COMMENTS,
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

const INTRO =
  'Copy this file to config/<stage>.json, which git ignores, and keep the lines that you change: the others follow the ' +
  'defaults of each release. null stands for "not set". Keys that begin with // are comments. docs/configuration.md ' +
  'has the limits.';

/** The text of `config/example.json`: every setting with its default, and its meaning before it. */
export function exampleText(): string {
  const line = (key: string, value: unknown) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
  const lines = ALL.map(({ name, description, initial }) =>
    [line(`// ${name}`, withoutLinks(description)), line(name, initial)].join(',\n'),
  );
  return `{\n${[[line('$schema', './schema.json'), line('//', INTRO)].join(',\n'), ...lines].join(',\n\n')}\n}\n`;
}
