import fc from 'fast-check';
import { table } from '../access/role-table.ts';
import { escaped, type Sent } from './requests.ts';
import type { Trick } from './tricks.ts';
import { nasty, rough } from './values.ts';

const pathOf = ({ target }: Sent) => target.split('?')[0] ?? '';
const queryIn = ({ target }: Sent) => target.split('?').slice(1).join('?');
const withPath = (request: Sent, path: string): Sent => {
  const query = queryIn(request);
  return { ...request, target: query === '' ? path : `${path}?${query}` };
};
const withQuery = (request: Sent, query: string): Sent => ({ ...request, target: `${pathOf(request)}?${query}` });
const FIELDS = [...new Set(table.flatMap(({ query }) => Object.keys(query.shape)))];

/** Ways around a router. */
export const paths: Trick = fc.oneof(
  fc
    .constantFrom<(path: string) => string>(
      (path) => `/${path}`,
      (path) => path.replaceAll('/', '//'),
      (path) => `${path}/`,
      (path) => path.slice(1),
      (path) => `/health/..${path}`,
      (path) => `/x/../..${path}`,
      (path) => `/.${path}`,
      (path) => `/%2e%2e${path}`,
      (path) => path.replace(/\/(?=[^/]*$)/, '%2F'),
      (path) => path.replaceAll('/', '%2f'),
      (path) => path.replaceAll('/', '\\'),
      (path) => path.toUpperCase(),
      (path) => path.replace(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
      (path) => `${path};a=b`,
      (path) => `${path}#fragment`,
      (path) => `${path}%00`,
      (path) => `${path}%0d%0ax-injected:%20yes`,
      (path) => `${path}%`,
      (path) => `${path}%ff%fe`,
      (path) => `http://localhost${path}`,
      (path) => `${path}/${'x'.repeat(9_000)}`,
      (path) => `${path}${'/..'.repeat(500)}`,
      () => '*',
      () => '',
    )
    .map((trick) => (request: Sent) => withPath(request, trick(pathOf(request)))),
  nasty.map((value) => (request: Sent) => withPath(request, pathOf(request).replace(/[^/]*$/, escaped(value)))),
  rough.map((value) => (request: Sent) => withPath(request, `${pathOf(request)}${value}`)),
);

/** Parameters that come twice, without end, or as something else. */
export const queries: Trick = fc.oneof(
  fc.constantFrom<(request: Sent) => Sent>(
    (request) => withQuery(request, `${queryIn(request)}&${queryIn(request)}`),
    (request) => withQuery(request, `${queryIn(request)}&__proto__=1&constructor=2&toString=3`),
    (request) => withQuery(request, queryIn(request).replaceAll('=', '[]=')),
    (request) => withQuery(request, queryIn(request).replaceAll('=', '%5B__proto__%5D=')),
    (request) => withQuery(request, queryIn(request).replaceAll('&', ';')),
    (request) => withQuery(request, queryIn(request).replaceAll('=', '')),
    (request) => withQuery(request, `${queryIn(request)}&${'a=1&'.repeat(1_500)}`),
    (request) => withQuery(request, `${queryIn(request)}&cursor=${'A'.repeat(7_000)}`),
    (request) => withQuery(request, `${queryIn(request)}&x=${'y'.repeat(200_000)}`),
    (request) => withQuery(request, `${'?'.repeat(50)}${queryIn(request)}`),
  ),
  fc.tuple(fc.constantFrom(...FIELDS), nasty).map(
    ([name, value]) =>
      (request: Sent) =>
        withQuery(request, `${name}=${escaped(value)}&${queryIn(request)}`),
  ),
  rough.map((value) => (request: Sent) => withQuery(request, `${queryIn(request)}&${value}`)),
);

/** Methods that no route has, and what is none. */
export const methods: Trick = fc
  .constantFrom(
    ...[
      'GET',
      'POST',
      'DELETE',
      'PUT',
      'PATCH',
      'HEAD',
      'OPTIONS',
      'TRACE',
      'CONNECT',
      'PROPFIND',
      'PURGE',
      'M-SEARCH',
    ],
    ...['get', 'G', 'GETT', 'FOO', '', '__proto__', 'ANY', '$default', 'x'.repeat(9_000)],
  )
  .map((method) => (request: Sent) => ({ ...request, method }));
