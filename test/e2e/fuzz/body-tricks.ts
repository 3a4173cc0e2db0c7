import fc from 'fast-check';
import * as z from 'zod';
import { table } from '../access/role-table.ts';
import type { Content, Sent } from './requests.ts';
import type { Trick } from './tricks.ts';
import { MARK, nasty } from './values.ts';

const withContent = (request: Sent, content: Content): Sent => ({ ...request, content });
const text = (content: string): Content => ({ text: content, encoding: 'utf8' });
const FIELDS = table.flatMap(({ body }) => (body instanceof z.ZodObject ? Object.keys(body.shape) : []));

/** Texts and bytes that JSON's readers stumble over. */
export const notJson: Trick = fc.oneof(
  fc
    .constantFrom<Content>(
      ...[
        '',
        '{',
        '}',
        '{"email":',
        "{'email':'a'}",
        '{"a":1,}',
        'NaN',
        'undefined',
        '\ufeff{}',
        '// x\n{}',
        '{"a":1}{"b":2}',
      ].map(text),
      ...['a=1&b=2', '<xml/>', '\0', '"\u0000"', '{"email":"\n"}', `{"${MARK}`].map(text),
      { text: '\xff\xfe{}\x80', encoding: 'latin1' },
      { text: '{"email":"\xff\xc0\x80","password":"\xed\xa0\x80"}', encoding: 'latin1' },
      { text: '{"email":"a","password":"b"}', encoding: 'utf16le' },
      { text: '\x1f\x8b\x08\x00', encoding: 'latin1' },
    )
    .map((content) => (request: Sent) => withContent(request, content)),
  fc
    .uint8Array({ maxLength: 200 })
    .map(
      (bytes) => (request: Sent) =>
        withContent(request, { text: Buffer.from(bytes).toString('latin1'), encoding: 'latin1' }),
    ),
);

/** Members that may be there twice, or be taken for an object's own. */
export const keys: Trick = fc
  .tuple(
    fc.constantFrom(
      ...['"__proto__":{"email":"a","password":"b","result_ids":[]}', '"constructor":{"prototype":{"role":"admin"}}'],
      ...[
        '"toString":1',
        '"hasOwnProperty":null',
        '"email":"twice"',
        '"result_ids":[]',
        '"result_id":null',
        `"${MARK}":1`,
      ],
      '"":{"__proto__":[]}',
    ),
    fc.boolean(),
  )
  .map(([member, first]) => (request: Sent) => {
    const inner = request.content?.text.replace(/^\{|\}$/g, '') ?? '';
    return withContent(request, text(`{${(first ? [member, inner] : [inner, member]).filter(Boolean).join()}}`));
  });

/** Up to 100,000 levels of JSON, where recursion would end. */
export const deep: Trick = fc
  .tuple(
    fc.constantFrom('[', '{"a":', '{"__proto__":', '{"result_ids":[', '[{"result_id":'),
    fc.constantFrom(10, 1_000, 100_000),
  )
  .map(([open, times]) => (request: Sent) => {
    const close = [...open]
      .toReversed()
      .map((one) => ({ '[': ']', '{': '}' })[one] ?? '')
      .join('');
    return withContent(request, text(`${open.repeat(times)}1${close.repeat(times)}`));
  });

/** JSON that is not what the route takes, also by the ten thousand. */
export const shapes: Trick = fc.oneof(
  fc.json({ maxDepth: 5 }).map((json) => (request: Sent) => withContent(request, text(json))),
  fc
    .tuple(fc.constantFrom(...FIELDS, 'result_id'), fc.oneof(fc.jsonValue(), nasty))
    .map(([name, value]) => (request: Sent) => {
      const before = request.content?.text.replace(/\}$/, ',') ?? '{';
      return withContent(request, text(`${before}${JSON.stringify(name)}:${JSON.stringify(value)}}`));
    }),
  fc
    .tuple(
      fc.constantFrom('"x"', '""', 'null', '[]', '{}', '"3c90c3cc-0d44-4b50-8888-8dd25736052a"'),
      fc.constantFrom(101, 5_000, 50_000),
    )
    .map(
      ([item, times]) =>
        (request: Sent) =>
          withContent(request, text(`{"result_ids":[${Array.from({ length: times }, () => item).join()}]}`)),
    ),
);

const MEGABYTE = 1024 * 1024;
/** On either side of what a function is handed, and of what the gateway takes; some grow when they are escaped or encoded. */
export const large: Trick = fc
  .tuple(fc.constantFrom(1, 5.9, 6.1, 10.1), fc.constantFrom('x', '"', '[', '\\', ' ', '\xff'))
  .map(
    ([megabytes, one]) =>
      (request: Sent) =>
        withContent(request, { text: one, times: Math.floor(megabytes * MEGABYTE), encoding: 'latin1' }),
  );

/** Bodies whose end is told in other ways than one, and versions of HTTP that aren't spoken. */
export const framings: Trick = fc.oneof(
  fc
    .constantFrom<Sent['framing']>('chunked', 'none', 'too short', 'too long', 'both', 'two lengths')
    .map((framing) => (request: Sent) => ({
      ...request,
      content: request.content ?? text('{"a":1}'),
      framing,
      cut: framing === 'too long',
    })),
  fc
    .constantFrom('HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.2', 'http/1.1', 'HTTP/1.1 x', 'RTSP/1.0', '')
    .map((version) => (request: Sent) => ({ ...request, version })),
);
