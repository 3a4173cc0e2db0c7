import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { NO_INPUT, type Route, routeKey } from '../../../../../functions/route.ts';
import { routes } from '../../../../../functions/routes.ts';
import { openapi } from '../../../../../lib/api/openapi/document.ts';

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.optional(z.boolean()),
  schema: z.record(z.string(), z.unknown()),
});
const Operation = z.looseObject({
  operationId: z.string(),
  'x-role': z.string(),
  description: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  servers: z.optional(z.array(z.looseObject({ url: z.string() }))),
  parameters: z._default(z.array(Parameter), []),
  requestBody: z.optional(z.unknown()),
  responses: z.record(z.string(), z.looseObject({})),
});
const Document = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

const parsed = (of: Readonly<Record<string, Route>> = routes) => Document.parse(openapi(of, '1.2.3'));
const operations = Object.entries(parsed().paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, operation })),
);
const operationOf = (id: keyof typeof routes) => {
  const found = operations.find(({ operation }) => operation.operationId === id);
  if (!found) throw new Error(`no ${id}`);
  return found.operation;
};

/** A route, and what becomes of it. */
const madeOf = (more: Partial<Route>) => {
  const route: Route = {
    ...NO_INPUT,
    method: 'POST',
    path: '/made/{id}',
    lambda: 'health',
    access: 'operator',
    summary: 'Made up',
    parameters: z.object({ id: z.string() }),
    answers: { 200: { description: 'Well.' } },
    failures: {},
    ...more,
  };
  return parsed({ made: route }).paths['/made/{id}']?.post;
};

describe('the document', () => {
  it('is valid OpenAPI 3.1 to a validator that knows nothing of us', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(openapi(routes, '1.2.3'))));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('would not be valid with a response that says nothing', async () => {
    const broken = Document.parse(openapi(routes, '1.2.3'));
    const [operation] = Object.values(broken.paths['/health'] ?? {});
    if (operation) operation.responses = { '200': {} };
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it('holds every route of the table under its name, HEAD beside each GET, and no other', () => {
    expect(operations.map(({ key, operation }) => [operation.operationId, key]).sort()).toEqual(
      Object.entries(routes)
        .flatMap(([id, route]) => [
          [id, routeKey(route)],
          ...(route.method === 'GET' ? [[`${id}Head`, `HEAD ${route.path}`]] : []),
        ])
        .sort(),
    );
  });

  it('describes HEAD as GET without a body: the same call, statuses and headers', () => {
    const document = parsed();
    for (const [path, { get, head }] of Object.entries(document.paths)) {
      expect([path, head === undefined]).toEqual([path, get === undefined]);
      if (!get || !head) continue;
      expect(Object.keys(head.responses)).toEqual(Object.keys(get.responses));
      for (const one of ['x-role', 'security', 'servers', 'parameters', 'tags'] as const)
        expect(head[one]).toEqual(get[one]);
      for (const [status, response] of Object.entries(head.responses)) {
        expect(response).not.toHaveProperty('content');
        if (get.responses[status]?.headers) expect(response.headers).toEqual(get.responses[status].headers);
      }
    }
    expect(document.paths['/health']?.head).toMatchObject({ operationId: 'healthHead' });
  });

  it('holds schemas of JSON Schema 2020-12', () => {
    const ajv = new Ajv2020();
    let count = 0;
    JSON.parse(JSON.stringify(openapi(routes, '1.2.3')), (key, value) => {
      if (key === 'schema') {
        expect([value, ajv.validateSchema(value)]).toEqual([value, true]);
        count += 1;
      }
      return value;
    });
    expect(count).toBeGreaterThan(50);
  });

  it('is the same text each time, and names the version', () => {
    expect(JSON.stringify(openapi(routes, '1.2.3'))).toBe(JSON.stringify(openapi(routes, '1.2.3')));
    expect(parsed().info.version).toBe('1.2.3');
  });

  it('refers to schemas, headers and responses that are there', () => {
    const text = JSON.stringify(openapi(routes, '1.2.3'));
    const references = new Set(Array.from(text.matchAll(/"\$ref":"([^"]+)"/g), ([, to = '']) => to));
    expect(references).toContain('#/components/schemas/Failure');
    for (const reference of references) {
      const node = reference
        .split('/')
        .slice(1)
        .reduce((at: unknown, key) => z.record(z.string(), z.unknown()).parse(at)[key], openapi(routes, '1.2.3'));
      expect([reference, node]).toEqual([reference, expect.any(Object)]);
    }
    expect(text).not.toMatch(/\$defs|\$schema/);
  });
});

describe('a route', () => {
  it.each(Object.entries<Route>(routes))(
    '%s names its role and requires a token unless it is public',
    (id, { access, takesKeys }) => {
      const operation = operations.find((one) => one.operation.operationId === id)?.operation;
      const security = [...(access === 'public' ? [] : [{ token: [] }]), ...(takesKeys ? [{ apiKey: [] }] : [])];
      expect(operation).toMatchObject({ 'x-role': access, security });
      expect(operation?.description).toMatch(access === 'public' ? /no token/ : `role ${access} at least`);
      for (const status of ['401', '403']) {
        if (access !== 'public') expect(operation?.responses).toHaveProperty(status);
      }
      expect(operation?.responses).toMatchObject({ 429: {}, 500: {}, 503: {} });
    },
  );

  it.each(Object.entries<Route>(routes))(
    '%s is also at /key, and refuses keys, just where it takes them',
    (id, route) => {
      const { servers, responses } = operations.find((one) => one.operation.operationId === id)?.operation ?? {};
      expect(servers).toEqual(
        route.takesKeys && [expect.objectContaining({ url: '.' }), expect.objectContaining({ url: 'key' })],
      );
      expect(/INVALID_API_KEY.*API_KEY_EXPIRED/.test(String(responses?.['401']?.description))).toBe(
        route.takesKeys === true,
      );
    },
  );

  it.each(Object.entries<Route>(routes))('%s says of every parameter what it is', (id, route) => {
    const operation = operations.find((one) => one.operation.operationId === id)?.operation;
    const given = operation?.parameters ?? [];
    for (const { schema } of given) expect(schema).toMatchObject({ type: expect.any(String) });
    expect(given.filter((one) => one.in === 'query').map(({ name }) => name)).toEqual(Object.keys(route.query.shape));
    const inPath = given.filter((one) => one.in === 'path');
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(route.path.match(/\{\w+\}/g) ?? []);
    for (const { required } of inPath) expect(required).toBe(true);
  });

  it('has a query of what its values stand for, not of the text that they are sent as', () => {
    const { parameters } = operationOf('listVerifications');
    expect(parameters).toContainEqual({
      name: 'page_size',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
    });
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: 'result_id', required: true, schema: { type: 'string', format: 'uuid' } }),
    );
  });

  it('has the body that a caller sends, and the one that is answered', () => {
    const schema = z.object({
      at: z._default(
        z.pipe(
          z.pipe(
            z.string(),
            z.transform((text: string) => text.length),
          ),
          z.int(),
        ),
        1,
      ),
    });
    const operation = madeOf({ body: schema, answers: { 200: { description: 'Well.', schema } } });
    expect(operation?.requestBody).toEqual({
      required: false,
      content: {
        'application/json': { schema: { type: 'object', properties: { at: { type: 'string' } } } },
      },
    });
    expect(operation?.responses['200']).toMatchObject({
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: { at: { type: 'integer', default: 1 } },
            required: ['at'],
            additionalProperties: false,
          },
        },
      },
    });
    expect(operation?.responses).toHaveProperty('413');
  });

  it('without a body takes none, and has nothing that is too large', () => {
    const operation = madeOf({});
    expect(operation).not.toHaveProperty('requestBody');
    expect(operation?.responses).not.toHaveProperty('413');
  });

  it('has failures in our shape, or in the gateway’s too where it answers the same status', () => {
    const { responses } = madeOf({ failures: { 404: 'NOT_FOUND: there is none.' } }) ?? {};
    const ours = { $ref: '#/components/schemas/Failure' };
    const json = (schema: object) => ({ content: { 'application/json': { schema } } });
    expect(responses).toMatchObject({
      401: { $ref: '#/components/responses/Unauthorized' },
      403: json({ anyOf: [ours, { $ref: '#/components/schemas/GatewayFailure' }] }),
      404: { description: 'NOT_FOUND: there is none.', ...json(ours) },
      429: { $ref: '#/components/responses/Throttled' },
    });
  });

  it('has answers that the gateway’s may stand for, where it answers the same status', () => {
    const schema = z.object({ at: z.int() });
    const { responses } = madeOf({ answers: { 503: { description: 'Not well.', schema } } }) ?? {};
    expect(responses?.['503']).toMatchObject({
      description: 'Not well. From the gateway: the function took too long.',
      content: {
        'application/json': {
          schema: {
            anyOf: [{ properties: { at: { type: 'integer' } } }, { $ref: '#/components/schemas/GatewayFailure' }],
          },
        },
      },
    });
    expect(responses?.['503']).not.toHaveProperty('headers.x-request-id.required');
  });

  it('can’t be sent and answered in two forms of one name', () => {
    const schema = z.object({ at: z._default(z.string(), 'x') }).check(z.meta({ id: 'MadeUp' }));
    expect(() => madeOf({ body: schema, answers: { 200: { description: 'Well.', schema } } })).toThrow('called MadeUp');
  });
});
