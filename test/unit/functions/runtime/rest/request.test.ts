import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { routes } from '../../../../../functions/routes.ts';
import { ApiError, type FieldError } from '../../../../../functions/runtime/rest/api-error.ts';
import { parsed, parseQuery } from '../../../../../functions/runtime/rest/request.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const { listGroups, groupHistory, diffGroup, trackGroups, health, listVerifications, login, refreshTokens } = routes;

/** The invalid fields that an error names. */
function errorsOf(parse: () => unknown): readonly FieldError[] {
  try {
    parse();
  } catch (error) {
    expect(error).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    return (error instanceof ApiError && error.errors) || [];
  }
  return [];
}
const inQuery = (query: string, schema: z.ZodMiniObject) => errorsOf(() => parseQuery(query, schema));

describe('an unknown query parameter', () => {
  it.each([
    ['overall_staus=COMPLETED', 'overall_staus is unknown. Did you mean overall_status?'],
    ['Limit=5', 'Limit is unknown. Did you mean limit?'],
    [
      'status=COMPLETED',
      'status is unknown. The known names are phase, overall_status, failing, order, changed_since, cursor, limit.',
    ],
    [
      '__proto__=1',
      '__proto__ is unknown. The known names are phase, overall_status, failing, order, changed_since, cursor, limit.',
    ],
  ])('is refused, with the nearest known name or else all of them: %s', (query, message) => {
    expect(inQuery(query, listGroups.query)).toEqual([{ field: message.split(' ')[0], message }]);
  });

  it.each(['', '3171234567890001', 'Budi Santoso', 'x'.repeat(33), 'e62befa32b1ec3cba85e2d8b'])(
    'is not repeated where it can be a value or confidential: %j',
    (name) => {
      const message =
        'A name is unknown. The known names are phase, overall_status, failing, order, changed_since, cursor, limit.';
      expect(inQuery(`${encodeURIComponent(name)}=1`, listGroups.query)).toEqual([{ field: 'A name', message }]);
    },
  );

  it('is refused beside the invalid parameters', () => {
    expect(inQuery('form=1&to=2', diffGroup.query).map(({ message }) => message)).toEqual([
      'from is required.',
      'form is unknown. Did you mean from?',
    ]);
    expect(inQuery('limit=0&curser=x', groupHistory.query).map(({ field }) => field)).toEqual(['limit', 'curser']);
  });

  it('is refused by a route that takes no query', () => {
    const message = 't is unknown. The route takes no query parameters.';
    expect(inQuery('t=1', health.query)).toEqual([{ field: 't', message }]);
  });

  it('is refused by every route but those of AnyCheck and the page of the console', () => {
    const lenient = Object.entries(routes).flatMap(([name, { query }]) =>
      z.safeParse(z.extend(query, { result_id: z.optional(z.string()) }), { nonsense: '1' }).success ? [name] : [],
    );
    expect(lenient).toEqual(['listVerifications', 'login', 'refreshTokens', 'anycheckWebhook', 'consolePage']);
    expect(parseQuery(`nonsense=1&nonsense=&result_id=${ID}`, listVerifications.query)).toMatchObject({
      result_id: ID,
    });
  });

  it('is named in an error of bounded size, however many there are and however long they are', () => {
    const many = Array.from({ length: 1000 }, (_, at) => `${'x'.repeat(1000)}${at}=1`).join('&');
    const errors = inQuery(many, listGroups.query);
    expect(errors).toHaveLength(10);
    expect(JSON.stringify(errors).length).toBeLessThan(5000);
  });
});

describe('a query parameter that comes twice', () => {
  it.each(['limit=1&limit=2', 'limit=1&limit=1', 'limit=1,2'])('is refused: %s', (query) => {
    expect(inQuery(query, listGroups.query)).toMatchObject([{ field: 'limit' }]);
  });
});

describe('an unknown member of a body', () => {
  it('is refused by a route of this service, with the nearest known name', () => {
    const errors = errorsOf(() => parsed(trackGroups.body, { result_id: [ID] }));
    expect(errors.map(({ message }) => message)).toEqual([
      'result_ids must be a list.',
      'result_id is unknown. Did you mean result_ids?',
    ]);
  });

  it('is ignored by the login and the refresh of tokens, as AnyCheck ignores it', () => {
    expect(parsed(login.body, { email: 'a', password: 'b', remember: true })).toEqual({ email: 'a', password: 'b' });
    expect(parsed(refreshTokens.body, { refresh_token: 'a', client: 'b' })).toEqual({ refresh_token: 'a' });
  });
});

describe('the filter by status', () => {
  const parse = (value: string) => parseQuery(`overall_status=${value}`, listGroups.query);

  it.each(['COMPLETED', 'FAILED', 'A_STATUS_OF_2030'])('takes a status that AnyCheck has or can add: %s', (value) => {
    expect(parse(value)).toMatchObject({ overall_status: value });
  });

  it.each(['completed', 'Completed', 'foo%20bar', 'COMPLETED,FAILED', '_', '1', ''])(
    'refuses a text that is no status: %j',
    (value) => {
      const [error] = errorsOf(() => parse(value));
      expect(error?.message).toMatch(
        value === ''
          ? 'overall_status is empty.'
          : 'overall_status must be a status of AnyCheck in upper case, such as COMPLETED.',
      );
    },
  );
});
