import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Route, routeKey } from '../../../../../functions/route.ts';
import { routes } from '../../../../../functions/routes.ts';
import { openapi } from '../../../../../lib/api/openapi/document.ts';

const Schema = z.record(z.string(), z.unknown());
const Media = z.strictObject({
  schema: Schema,
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
});
const Content = z.record(z.string(), Media);
const Parameter = z.looseObject({ name: z.string(), schema: Schema, example: z.unknown().optional() });
const Operation = z.object({
  summary: z.string(),
  description: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(
    z.string(),
    z.union([z.strictObject({ $ref: z.string() }), z.looseObject({ content: Content.optional() })]),
  ),
});
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({
    schemas: z.record(z.string(), Schema),
    responses: z.record(z.string(), z.object({ content: Content })),
  }),
});

const document: unknown = JSON.parse(JSON.stringify(openapi(routes, '1.2.3')));
const { paths, components } = Document.parse(document);
const operationOf = ({ path, method }: Route) => Operation.parse(paths[path]?.[method.toLowerCase()]);
const all = Object.values<Route>(routes).map((route) => [routeKey(route), route] as const);

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
ajv.addSchema(Schema.parse(document), 'api', undefined, false);
/** What a value has against a schema of the document, whose references are the document's. */
const faultsOf = (schema: unknown, value: unknown): unknown[] => {
  const absolute = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/');
  const valid = ajv.compile(Schema.parse(JSON.parse(absolute)));
  return valid(value) ? [] : (valid.errors ?? []);
};
const examplesOf = ({ example, examples = {} }: z.output<typeof Media>): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
];
/** The bodies of a route by status. A body that routes share is in its component. */
const bodiesOf = (route: Route) =>
  Object.entries(operationOf(route).responses).flatMap(([status, response]) => {
    const shared =
      typeof response.$ref === 'string' ? components.responses[response.$ref.split('/').at(-1) ?? ''] : undefined;
    const content = Content.parse(shared?.content ?? ('content' in response ? response.content : undefined) ?? {});
    return Object.values(content).map((media) => ({ status: Number(status), isShared: shared !== undefined, media }));
  });

describe.each(all)('%s', (_, route) => {
  const operation = operationOf(route);

  it('has an example, a default or an enum for every parameter, and each matches its schema', () => {
    for (const { name, schema, example } of operation.parameters) {
      const inSchema = z.array(z.unknown()).default([]).parse(schema.examples);
      const given = [...(example === undefined ? [] : [example]), ...inSchema];
      const isPlain = schema.default !== undefined || schema.enum !== undefined || schema.$ref !== undefined;
      expect([name, given.length > 0 || isPlain]).toEqual([name, true]);
      for (const one of given) expect([name, faultsOf(schema, one)]).toEqual([name, []]);
    }
  });

  it('has an example of the request body that matches its schema', () => {
    for (const media of Object.values(operation.requestBody?.content ?? {})) {
      expect(media.example).toBeDefined();
      expect(faultsOf(media.schema, media.example)).toEqual([]);
    }
  });

  it('has an example of the body of every answer and every failure, and each matches its schema', () => {
    const bodies = bodiesOf(route);
    for (const { status, media } of bodies) {
      const examples = examplesOf(media);
      if (status < 300) expect([status, examples.length]).toEqual([status, 1]);
      for (const one of examples) expect([status, faultsOf(media.schema, one)]).toEqual([status, []]);
    }
    const failures = bodies.filter(({ status, isShared }) => status >= 400 && !isShared);
    expect(failures.length).toBeGreaterThan(0);
    for (const { status, media } of failures) {
      expect([status, media.example ?? media.examples?.service]).toEqual([status, expect.any(Object)]);
    }
  });

  it('has an example of the gateway’s body wherever the gateway can answer', () => {
    for (const { status, media } of bodiesOf(route)) {
      if (!JSON.stringify(media.schema).includes('GatewayFailure')) continue;
      const messages = examplesOf(media).filter(
        (one) => faultsOf({ $ref: '#/components/schemas/GatewayFailure' }, one).length === 0,
      );
      expect([status, messages.length]).toEqual([status, 1]);
    }
  });

  it('says in one to three sentences what it does, beside its summary', () => {
    const [text = '', ...rest] = operation.description.split('\n\n');
    expect(text).not.toBe(operation.summary);
    expect(text).toMatch(/^[A-Z].*\.$/);
    const sentences = text.split(/\.(?: |$)/).filter((one) => one !== '');
    expect(sentences.length).toBeLessThanOrEqual(3);
    expect(rest.length).toBeGreaterThan(0);
  });

  it('warns if it destroys something, and then has no identifier filled in', () => {
    const destroys = route.method === 'DELETE' || route.path.endsWith('/redact');
    expect(operation.description.includes('\n\n**Warning:** This deletes')).toBe(destroys);
    if (destroys) for (const { example } of operation.parameters) expect(example).toBeUndefined();
  });

  it('has named schemas for the request body and for every JSON answer', () => {
    const media = [...Object.values(operation.requestBody?.content ?? {}), ...bodiesOf(route).map((one) => one.media)];
    for (const { schema } of media) {
      if (schema.type === 'string') continue;
      const choices = schema.anyOf === undefined ? [schema] : z.array(Schema).parse(schema.anyOf);
      for (const choice of choices) expect(Object.keys(choice)).toEqual(['$ref']);
    }
  });
});

describe('the schemas', () => {
  /** Every object with fields below a schema, but the schema itself. */
  const nested = (node: unknown): unknown[] =>
    Object.values(z.record(z.string(), z.unknown()).safeParse(node).data ?? (Array.isArray(node) ? node : {})).flatMap(
      (child) => [
        ...(Schema.safeParse(child).data?.type === 'object' && 'properties' in Schema.parse(child) ? [child] : []),
        ...nested(child),
      ],
    );

  it.each(Object.entries(components.schemas))('%s refers to every object inside it by a name', (_, schema) => {
    expect(nested(schema)).toEqual([]);
  });

  it('of routes name every object with fields', () => {
    expect(nested(paths)).toEqual([]);
  });

  it('of verifications are open, and have every field that AnyCheck documents', () => {
    const { Verification = {}, VerificationPage = {} } = components.schemas;
    expect(Verification).toMatchObject({ required: ['id'], additionalProperties: {} });
    expect(Object.keys(Schema.parse(Verification.properties)).toSorted()).toEqual(
      [
        ...['id', 'service', 'user_id', 'api_key', 'folder_id', 'result_id', 'execution_time', 'status', 'start_date'],
        ...['end_date', 'input_config', 'input_file_url', 'output', 'output_file_url', 'output_status'],
        ...['external_job_id', 'webhook_url', 'webhook_metadata', 'export_file_url', 'credit_used', 'total_files'],
        ...['total_pages', 'created_at', 'updated_at'],
      ].toSorted(),
    );
    expect(VerificationPage).toMatchObject({
      properties: { items: { items: { $ref: '#/components/schemas/Verification' } } },
    });
    const bare = { id: 'a', output: null, new_field: { any: ['thing'] } };
    expect(faultsOf({ $ref: '#/components/schemas/Verification' }, bare)).toEqual([]);
    expect(faultsOf({ $ref: '#/components/schemas/Verification' }, { ...bare, user_id: 5 })).toHaveLength(1);
  });

  it('of statuses name the known values and accept any other', () => {
    const { Status = {}, OutputStatus = {} } = components.schemas;
    expect(Status).toEqual({ type: 'string', description: expect.any(String), examples: expect.any(Array) });
    expect(Status.examples).toHaveLength(10);
    expect(OutputStatus.examples).toEqual(['VERIFIED', 'NOT_VERIFIED', 'PARTIALLY_NOT_VERIFIED']);
    for (const name of ['Status', 'OutputStatus']) {
      expect(faultsOf({ $ref: `#/components/schemas/${name}` }, 'A_NEW_ONE')).toEqual([]);
    }
  });
});
