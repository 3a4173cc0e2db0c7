import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as z from 'zod';

const Node = z.record(z.string(), z.unknown());
const Headers = z.record(z.string(), Node);
const Servers = z.array(z.looseObject({ url: z.string() }));
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];

/**
 * Takes an answer that the description allows, and leaves its body to be read.
 * @param path decoded: the gateway chooses by that. @throws an Error that says what is not described.
 */
export type Check = (method: string, path: string, response: Response) => Promise<void>;

/** What the gateway may answer where no route is, before it hands over to the function that says 404. */
const REFUSED = [401, 403, 413, 429, 431, 500, 503];

/** A check of answers against an OpenAPI document: path, method, status, headers, type, and body by JSON Schema. */
export function describedBy(document: unknown): Check {
  // Not strict: what the schemas are part of is no schema.
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  formats.default(ajv);
  ajv.addSchema(Node.parse(document), 'api', undefined, false);
  const paths = Object.keys(Node.parse(at(document, ['paths']).node)).toSorted(mostLiteralFirst);

  const checkJson = (body: string, schema: readonly string[]) => {
    const valid = ajv.getSchema(`api#${schema.map((token) => `/${encodeURIComponent(escaped(token))}`).join('')}`);
    if (!valid) throw new Error(`has no schema at ${schema.join(' ')}`);
    if (valid(JSON.parse(body))) return;
    const faults = valid.errors?.map(({ instancePath, message }) => `${instancePath || 'it'} ${message}`) ?? [];
    throw new Error(`has another body than described: ${faults.slice(0, 5).join(', ')}`);
  };

  const checkUnrouted = (status: number, body: string) => {
    if (status === 404) return checkJson(body, ['components', 'schemas', 'Failure']);
    if (REFUSED.includes(status)) return checkJson(body, ['components', 'schemas', 'GatewayFailure']);
    throw new Error('is not described at all');
  };

  const checkRouted = (place: readonly string[], { headers }: Response, body: string) => {
    const { node: described, place: found } = at(document, place);
    if (described === undefined) throw new Error('has a status that is not described');
    const declared = Headers.parse(at(document, [...found, 'headers']).node ?? {});
    for (const name of Object.keys(declared)) {
      const { required } = Node.parse(at(document, [...found, 'headers', name]).node);
      if (required === true && !headers.has(name)) throw new Error(`lacks the header ${name}`);
    }
    const content = at(document, [...found, 'content']).node;
    if (content === undefined) {
      if (body !== '') throw new Error('has a body, and none is described');
      return;
    }
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    const range = Object.keys(Node.parse(content)).find((one) => one === type || one === type.replace(/\/.*/, '/*'));
    if (range === undefined) throw new Error(`has the type ${type}, which is not described`);
    if (type === 'application/json') checkJson(body, [...found, 'content', range, 'schema']);
  };

  /** The paths below which an operation is: those of its servers, relative to the document. */
  const basesOf = (place: readonly string[]) => {
    const own = at(document, [...place, 'servers']).node ?? at(document, ['servers']).node;
    return Servers.parse(own).map(({ url }) => new URL(url, 'http://host/').pathname.replace(/\/$/, ''));
  };
  const operations = paths.flatMap((one) =>
    METHODS.flatMap((method) => {
      const place = ['paths', one, method];
      if (at(document, place).node === undefined) return [];
      const bases = basesOf(place);
      return bases.map((base) => ({ method, pattern: patternOf(base + one), place, base, isShared: bases.length > 1 }));
    }),
  );

  return async (method, path, response) => {
    const body = await response.clone().text();
    const { status } = response;
    const operation = operations.find((one) => one.method === method.toLowerCase() && one.pattern.test(path));
    try {
      if (!operation) return checkUnrouted(status, body);
      checkRouted([...operation.place, 'responses', String(status)], response, body);
      // The gateway refuses a token, and the function a key.
      const refusing = operation.base === '' ? 'GatewayFailure' : 'Failure';
      if (operation.isShared && status === 401 && body !== '') checkJson(body, ['components', 'schemas', refusing]);
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${method} ${operation?.place[1] ?? 'of no route'}: the answer ${status} ${what}`, { cause });
    }
  };
}

/** What stands at a place of a document, and where that is: references are followed. */
function at(document: unknown, place: readonly string[]): { node: unknown; place: readonly string[] } {
  let node = document;
  let found: readonly string[] = [];
  for (const token of place) {
    const parent = Node.safeParse(node).data;
    node = parent && Object.hasOwn(parent, token) ? parent[token] : undefined;
    found = [...found, token];
    const to = Node.safeParse(node).data?.$ref;
    if (typeof to === 'string') ({ node, place: found } = at(document, to.split('/').slice(1).map(unescaped)));
  }
  return { node, place: found };
}

/** A token of a JSON pointer (RFC 6901). */
const escaped = (token: string) => token.replaceAll('~', '~0').replaceAll('/', '~1');
const unescaped = (token: string) => token.replaceAll('~1', '/').replaceAll('~0', '~');

const patternOf = (path: string) => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);

const mostLiteralFirst = (one: string, other: string) => one.split('{').length - other.split('{').length;
