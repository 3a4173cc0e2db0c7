import { expect, it } from 'vitest';
import { revalidated } from '../../../../../functions/runtime/rest/revalidated.ts';
import { httpEvent } from '../../../../fakes/http-event.ts';

const answer = (body: string, ifNoneMatch?: string) =>
  revalidated(httpEvent(ifNoneMatch === undefined ? {} : { headers: { 'if-none-match': ifNoneMatch } }), {
    status: 200,
    headers: { 'x-more': 'more' },
    body,
  });
const etagOf = (body: string) => answer(body).headers?.etag ?? '';

it('an answer has an ETag that differs by its body', () => {
  expect(answer('{"version":1}')).toEqual({
    status: 200,
    headers: { 'x-more': 'more', etag: expect.stringMatching(/^W\/"[\w-]{43}"$/) },
    body: '{"version":1}',
  });
  expect(etagOf('{"version":1}')).toBe(etagOf('{"version":1}'));
  expect(etagOf('{"version":1}')).not.toBe(etagOf('{"version":2}'));
});

it('a caller that has the body receives 304 with the same headers and no body, another caller the body', () => {
  const etag = etagOf('{}');
  const unchanged = { status: 304, headers: { 'x-more': 'more', etag } };
  expect(answer('{}', etag)).toEqual(unchanged);
  expect(answer('{}', `"other", ${etag}`)).toEqual(unchanged);
  expect(answer('{}', '"other"')).toMatchObject({ status: 200, body: '{}' });
});
