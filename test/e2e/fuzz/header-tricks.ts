import fc from 'fast-check';
import type { Sent } from './requests.ts';
import type { Trick } from './tricks.ts';
import { MARK, rough } from './values.ts';

const withHeader = (request: Sent, name: string, value: string): Sent => ({
  ...request,
  headers: [...request.headers.filter(([one]) => one !== name), [name, value]],
});

const NAMES = [
  ...[
    '__proto__',
    'constructor',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'forwarded',
    'x-request-id',
  ],
  ...[
    'x-http-method-override',
    'x-original-url',
    'x-rewrite-url',
    'cookie',
    'range',
    'expect',
    'upgrade',
    'te',
    'origin',
  ],
  ...[
    'content-type',
    'content-encoding',
    'accept-encoding',
    'cache-control',
    'if-none-match',
    'if-match',
    'authorization',
  ],
  ...['host', 'connection', 'apigw-requestid', 'x-amzn-trace-id', 'access-control-request-method', 'a b', '', 'é'],
];
const VALUES = [
  ...[
    '',
    ',',
    '*',
    '"',
    'W/"',
    'W/"\\"',
    'max-age=-1',
    'max-age=99999999999',
    'no-cache, max-age=x',
    'gzip;q=0, *;q=1.0.0',
  ],
  ...[
    '100-continue',
    '200-ok',
    'websocket',
    'bytes=0-',
    'Bearer',
    'Bearer ',
    'Bearer a.b.c',
    'Basic YTpi',
    'a\r\nx-injected: yes',
  ],
  ...['a\nb', 'a\0b', 'é', '\u010d\u010a', 'x'.repeat(9_000), 'x'.repeat(20_000), `gzip${' '.repeat(8_000)}x`, MARK],
  ...['close, keep-alive', 'http://evil.example', 'DELETE', '127.0.0.1', '"a"'.repeat(2_000), ','.repeat(8_000)],
];
/** Headers that come twice, are too large, are none, or would lead a gateway astray. */
export const headers: Trick = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...NAMES), fc.oneof(fc.constantFrom(...VALUES), rough)).map(
      ([name, value]) =>
        (request: Sent) =>
          withHeader(request, name, value),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES))
      .map(([name, value]) => (request: Sent) => ({
        ...request,
        headers: [...request.headers, [name, value] as const],
      })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<(request: Sent) => Sent>(
      (request) => ({ ...request, headers: [...request.headers, ...request.headers] }),
      (request) => ({ ...request, headers: request.headers.slice(1) }),
      (request) => ({ ...request, headers: Array.from({ length: 1_500 }, (_, at) => [`h${at}`, '1'] as const) }),
      (request) => ({ ...request, headers: request.headers.map(([name, value]) => [`${name} `, value] as const) }),
      (request) => ({ ...request, headers: request.headers.map(([name, value]) => [name, `\r\n ${value}`] as const) }),
    ),
  },
);

/** Of bodies that are something else. */
export const types: Trick = fc
  .constantFrom(
    ...['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''],
    ...[
      'application/octet-stream',
      'application/json; charset=utf-16',
      'application/json, text/html',
      'image/png',
      MARK,
    ],
  )
  .map((type) => (request: Sent) => withHeader(request, 'content-type', type));
