import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../functions/runtime/rest/api-error.ts';
import { parseListRequest } from '../../../../functions/verifications/list-query.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const parse = (query: string, cacheControl = '') => parseListRequest(query, cacheControl);
const fault = (query: string): ApiError => {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error(`${query} was accepted`);
};

describe('the query of GET /verifications', () => {
  it('has AnyCheck’s defaults', () => {
    expect(parse(`result_id=${ID}`)).toEqual({
      resultId: ID,
      offset: 0,
      size: 10,
      version: undefined,
      maxAge: undefined,
    });
  });

  it('takes a UUID of any version in either case, and ignores other parameters', () => {
    expect(parse(`result_id=${ID.toUpperCase()}&foo=1&foo=2`).resultId).toBe(ID);
    expect(parse('result_id=00000000-0000-0000-0000-000000000000').resultId).toBe(
      '00000000-0000-0000-0000-000000000000',
    );
  });

  it('decodes percent escapes once', () => {
    expect(parse(`result%5Fid=${ID}&page_size=%31%30%30`).size).toBe(100);
    expect(fault(`result_id=${ID}&page_size=%2531`).errors?.[0]?.field).toBe('page_size');
  });

  it('takes any whole number for a version: whether there is one is not for the query to say', () => {
    for (const version of ['0', '007', '9'.repeat(23)]) {
      expect(parse(`result_id=${ID}&snapshot_version=${version}`).version).toBe(Number(version));
    }
  });

  it('takes an offset up to 2^53-1', () => {
    expect(parse(`result_id=${ID}&page_offset=9007199254740991`).offset).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each(['nonsense', `${ID}0`, ID.replaceAll('-', ''), `{${ID}}`, `%20${ID}`])(
    'refuses result_id=%s with INVALID_ID',
    (id) => {
      expect(fault(`result_id=${id}`)).toMatchObject({ status: 400, code: 'INVALID_ID' });
    },
  );

  it.each(['', 'result_id=', `result_id=${ID}&result_id=${ID}`])('refuses "%s", naming result_id', (query) => {
    const error = fault(query);
    expect(error).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(error.errors?.[0]?.field).toBe('result_id');
  });

  it.each([
    ['page_size', ['', '0', '101', '-1', '1.0', '01', '+1', '1e1', 'ten', '10&page_size=10']],
    ['page_offset', ['', '-1', '9007199254740992', '99999999999999999', '0x1', '1&page_offset=1']],
    ['snapshot_version', ['', 'x', '-1', '1.5', '1&snapshot_version=1']],
  ] as const)('refuses a bad %s, naming it', (field, values) => {
    for (const value of values) {
      const error = fault(`result_id=${ID}&${field}=${value}`);
      expect(error).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
      expect(error.errors?.[0]?.field).toBe(field);
    }
  });
});

describe('Cache-Control on the request', () => {
  it.each([
    ['no-cache', 0],
    ['max-age=0', 0],
    ['Max-Age="30"', 30],
    ['max-age=60, no-cache', 0],
    ['max-age=60, max-age=30', 30],
    ['no-store', undefined],
    ['max-age=soon', undefined],
    ['', undefined],
  ])('%s requires an age of at most %s s', (value, maxAge) => {
    expect(parse(`result_id=${ID}`, value).maxAge).toBe(maxAge);
  });
});
