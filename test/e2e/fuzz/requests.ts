import fc from 'fast-check';
import * as z from 'zod';
import { NOTHING, pathsOf, type Route } from '../../../functions/route.ts';
import { type Schemas, schemas } from '../../../lib/api/openapi/json-schema.ts';
import { type Known, textFor, valueFor } from './values.ts';

export interface Content {
  readonly text: string;
  /** How often it stands there, where it is too long to be told. */
  readonly times?: number;
  readonly encoding: 'utf8' | 'latin1' | 'utf16le';
}

/** A request as it goes out, right or not. Of what isn't text one character is one byte. */
export interface Sent {
  readonly kind: string;
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly version: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly content: Content | undefined;
  /** How the end of the body is told: rightly, in chunks, not at all, or by a length that isn't its own. */
  readonly framing: 'length' | 'chunked' | 'none' | 'too short' | 'too long' | 'both' | 'two lengths';
  /** Whether the sending side ends behind it. */
  readonly cut: boolean;
}

/** The values of the headers that callers authenticate with; '' for none. */
interface Credentials {
  readonly tokens: readonly string[];
  readonly keys: readonly string[];
}

/** Requests to a route that are right in most parts, as its schemas tell them. */
export function rightRequest(route: Route, credentials: Credentials, known: Known): fc.Arbitrary<Sent> {
  const written = schemas();
  const path = fc.record(fieldsOf(written.fields(route.parameters), known));
  const queried = written.fields(route.query);
  const requiredKeys = queried.flatMap(({ name, required }) => (required ? [name] : []));
  const query = fc.record(fieldsOf(queried, known), { requiredKeys });
  const shaping = Object.keys(route.headers ?? {}).map((name) => ({ name, schema: { type: 'string' } }));
  const headers = fc.record(fieldsOf(shaping, known), { requiredKeys: [] });
  return fc
    .record({ path, query, headers, at: pathOf(route, credentials), content: contentOf(route, written, known) })
    .map((parts) => ({
      kind: 'right in most parts',
      method: route.method,
      target: `${parts.at.path.replace(/\{(\w+)\}/g, (_, name: string) => escaped(parts.path[name] ?? ''))}${queryOf(parts.query)}`,
      version: 'HTTP/1.1',
      headers: [
        ['host', 'localhost'],
        ...(parts.at.value === '' ? [] : [[parts.at.header, parts.at.value] as const]),
        ...Object.entries(parts.headers).flatMap(([name, value = '']) => [[name, value] as const]),
        ...(parts.content ? [['content-type', 'application/json'] as const] : []),
      ],
      content: parts.content,
      framing: 'length' as const,
      cut: false,
    }));
}

/** One of the paths of a route, with what its callers authenticate with there. */
const pathOf = (route: Route, { tokens, keys }: Credentials) =>
  fc.oneof(
    ...pathsOf(route).map(({ path, credential }) => {
      const [header, values] = credential === 'key' ? ['x-api-key', keys] : ['authorization', tokens];
      return fc.record({ path: fc.constant(path), header: fc.constant(header), value: fc.constantFrom(...values) });
    }),
  );

const contentOf = (route: Route, written: Schemas, known: Known): fc.Arbitrary<Content | undefined> =>
  route.body === NOTHING
    ? fc.constant(undefined)
    : valueFor(bodyOf(route, written), 'body', known).map((value) => ({
        text: JSON.stringify(value),
        encoding: 'utf8',
      }));

const Reference = z.looseObject({ $ref: z.string().optional() });

/** The schema of a body. The document refers to it by its name. */
function bodyOf(route: Route, written: Schemas): unknown {
  const schema = written.of(route.body, 'input');
  const name = Reference.parse(schema).$ref?.split('/').at(-1);
  return name === undefined ? schema : written.shared[name];
}

const fieldsOf = (fields: readonly { readonly name: string; readonly schema: object }[], known: Known) =>
  Object.fromEntries(fields.map(({ name, schema }) => [name, textFor(schema, name, known)]));

export const escaped = (text: string): string => encodeURIComponent(text.toWellFormed());

const queryOf = (query: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(query).map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
};

/** What goes out. */
export function bytesOf({ method, target, version, headers, content, framing }: Sent): Buffer {
  const body = content ? Buffer.from(content.text.repeat(content.times ?? 1), content.encoding) : Buffer.alloc(0);
  const chunked = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);
  const length = (bytes: number) => `content-length: ${bytes}\r\n`;
  const CHUNKED = 'transfer-encoding: chunked\r\n';
  const framings = {
    length: [content ? length(body.length) : '', body],
    chunked: [CHUNKED, body.length > 0 ? chunked : Buffer.from('0\r\n\r\n')],
    none: ['', body],
    'too short': [length(Math.max(0, body.length - 1)), body],
    'too long': [length(body.length + 10), body],
    both: [length(body.length) + CHUNKED, chunked],
    'two lengths': [length(body.length) + length(body.length + 1), body],
  } as const;
  const [framed, sent] = framings[framing];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${method} ${target} ${version}\r\n${lines}${framed}\r\n`, 'latin1'), sent]);
}
