import { expect, it } from 'vitest';
import { routes } from '../../../functions/routes.ts';
import { openapi } from '../../../lib/api/openapi/document.ts';
import { describedBy } from './described.ts';

const check = describedBy(openapi(routes, '1.2.3'));
const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const LIST = `/verifications?result_id=${ID}`;
const OURS = { 'content-type': 'application/json', 'x-request-id': 'r' };
const VARIED = { ...OURS, vary: 'accept-encoding' };
const SNAPSHOT = {
  ...VARIED,
  etag: 'W/"1"',
  'last-modified': 'x',
  age: '0',
  'x-snapshot-age': '0',
  'x-snapshot-version': '1',
};
const LISTED = { total: 1, overall_status: null, items: [{ id: 'a', status: 'DRAFT', output: { any: 'thing' } }] };
const FAILED = { error_code: 'NOT_FOUND', message: 'There is none.' };
const REFUSED = { message: 'Unauthorized' };

const answer = (status: number, body: unknown, headers: Record<string, string> = OURS) =>
  new Response(body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
const checked = (method: string, target: string, response: Response) =>
  check(method, target.split('?')[0] ?? '', response);

it.each<[string, string, Response]>([
  ['GET', LIST, answer(200, LISTED, SNAPSHOT)],
  ['GET', LIST, answer(200, LISTED, { ...SNAPSHOT, 'content-type': 'application/json; charset=utf-8' })],
  ['GET', LIST, answer(304, undefined, SNAPSHOT)],
  ['GET', LIST, answer(404, FAILED)],
  ['GET', LIST, answer(401, REFUSED, { 'content-type': 'application/json' })],
  ['GET', LIST, answer(403, { ...FAILED, error_code: 'FORBIDDEN' })],
  ['GET', LIST, answer(403, { message: 'Forbidden' }, { 'content-type': 'application/json' })],
  ['GET', LIST, answer(503, { message: 'Service Unavailable' }, { 'content-type': 'application/json' })],
  ['POST', '/auth/login', answer(200, { access_token: 'a', refresh_token: 'r' })],
  ['DELETE', `/groups/${ID}`, answer(204, undefined)],
  [
    'GET',
    '/docs/swagger-ui.css',
    answer(200, 'a {}', { ...SNAPSHOT, 'cache-control': 'x', 'content-type': 'text/css' }),
  ],
  ['HEAD', LIST, answer(200, undefined, SNAPSHOT)],
  ['PUT', '/nothing', answer(404, FAILED)],
  ['GET', `/key${LIST}`, answer(200, LISTED, SNAPSHOT)],
  ['GET', `/key${LIST}`, answer(401, { ...FAILED, error_code: 'INVALID_API_KEY' })],
  ['GET', '/key/nothing', answer(404, FAILED)],
  ['PUT', '/nothing', answer(401, REFUSED)],
])('%s %s: an answer that is described is let through, its body unread', async (method, path, response) => {
  const before = response.clone();
  await checked(method, path, response);
  expect(await response.text()).toBe(await before.text());
});

it.each<[string, string, Response, RegExp]>([
  ['GET', LIST, answer(418, FAILED), /GET \/verifications: the answer 418 has a status that is not described/],
  ['DELETE', `/groups/${ID}`, answer(200, {}), /200 has a status that is not described/],
  [
    'GET',
    LIST,
    answer(200, { ...LISTED, total: '1' }, SNAPSHOT),
    /another body than described: \/total must be integer/,
  ],
  ['GET', LIST, answer(200, { ...LISTED, more: 1 }, SNAPSHOT), /must NOT have additional properties/],
  ['GET', LIST, answer(200, { ...LISTED, items: [{}] }, SNAPSHOT), /\/items\/0 must have required property 'id'/],
  ['GET', LIST, answer(200, '{"total":', SNAPSHOT), /JSON/],
  ['GET', LIST, answer(200, LISTED), /lacks the header etag/],
  ['GET', LIST, answer(404, FAILED, { 'content-type': 'application/json' }), /lacks the header x-request-id/],
  ['GET', LIST, answer(404, REFUSED), /must have required property 'error_code'/],
  [
    'GET',
    LIST,
    answer(404, { ...FAILED, error_code: 'ODD' }),
    /\/error_code must be equal to one of the allowed values/,
  ],
  ['GET', LIST, answer(401, FAILED), /must have required property 'message'|additional properties/],
  ['GET', '/health', answer(401, REFUSED), /status that is not described/],
  ['GET', '/health', answer(200, 'ok', { ...VARIED, 'content-type': 'text/plain' }), /has the type text\/plain/],
  ['GET', `/groups/${ID}`, answer(200, { result_id: ID }, SNAPSHOT), /must have required property 'version'/],
  ['DELETE', `/groups/${ID}`, new Response('{}', { status: 202, headers: OURS }), /not described/],
  ['HEAD', LIST, answer(200, LISTED, SNAPSHOT), /has a body, and none is described/],
  ['GET', `/key${LIST}`, answer(401, REFUSED), /must have required property 'error_code'/],
  ['GET', `/key${LIST}`, answer(200, LISTED), /GET \/verifications: the answer 200 lacks the header etag/],
  ['GET', '/key/health', answer(200, {}), /GET of no route: the answer 200 is not described at all/],
  ['PUT', '/nothing', answer(200, {}), /PUT of no route: the answer 200 is not described at all/],
  ['PUT', '/nothing', answer(404, REFUSED), /must have required property 'error_code'/],
])('%s %s: an answer that is not described is refused', async (method, path, response, why) => {
  await expect(checked(method, path, response)).rejects.toThrow(why);
});
