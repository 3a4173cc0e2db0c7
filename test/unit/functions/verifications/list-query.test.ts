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

describe('a time in as_of', () => {
  const asOf = (text: string) =>
    new Date(parse(`result_id=${ID}&as_of=${encodeURIComponent(text)}`).asOf ?? 0).toISOString();

  it.each([
    ['2026-11-29T00:06:41.333Z', '2026-11-29T00:06:41.333Z'],
    ['2026-11-29T00:06:41.000Z', '2026-11-29T00:06:41.000Z'],
    ['2026-11-29T00:06:41Z', '2026-11-29T00:06:41.999Z'],
    ['2026-11-29t00:06:41z', '2026-11-29T00:06:41.999Z'],
    ['2026-11-29T07:06:41+07:00', '2026-11-29T00:06:41.999Z'],
    ['2026-11-29T07:06:41 07:00', '2026-11-29T00:06:41.999Z'],
    ['2026-11-28T23:36:41-00:30', '2026-11-29T00:06:41.999Z'],
    ['2026-12-31T23:59:60Z', '2026-12-31T23:59:59.999Z'],
    ['Sun, 29 Nov 2026 00:06:41 GMT', '2026-11-29T00:06:41.999Z'],
  ])('%s is %s: a whole second means its end', (text, ms) => {
    expect(asOf(text)).toBe(ms);
  });

  it.each(['2026-11-29', '2026-11-29T00:06:41', 'Sun, 29 Nov 2026', '29 Nov 2026 00:06:41 GMT', 'now', '1795910801'])(
    '%s is refused',
    (text) => {
      expect(fault(`result_id=${ID}&as_of=${encodeURIComponent(text)}`).errors?.[0]?.field).toBe('as_of');
    },
  );
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
    // Case, white space, empty elements.
    ['NO-CACHE', 0],
    [' ,\tmax-age=4\t,, ', 4],
    ['max-age = 7', 7],
    // A quoted string holds no directive.
    ['foo="a, no-cache, b"', undefined],
    ['foo="a\\", no-cache, b", max-age=9', 9],
    ['"no-cache"', undefined],
    ['foo="never closed, no-cache', undefined],
    ['x-no-cache, no-caches, no-cache x', undefined],
    // max-stale accepts that much more, and any age without a value.
    ['max-age=0, max-stale=600', 600],
    ['max-stale=600', undefined],
    ['max-age=10, max-stale="5", max-stale=3', 13],
    ['max-age=0, max-stale', 2 ** 31],
    ['no-cache, max-stale=600', 0],
    ['max-age=3, max-stale=long', 3],
    // min-fresh requires that much less.
    ['max-age=60, min-fresh=10', 50],
    ['max-age=60, min-fresh=100', 0],
    ['max-age=60, min-fresh=100, max-stale=5', 5],
    ['min-fresh=10', undefined],
    // What changes nothing: the snapshot is the content of this service, not of a cache that a caller could empty.
    ['no-store, no-transform, only-if-cached', undefined],
    ['only-if-cached, max-age=5', 5],
    // Malformed and extreme numbers.
    ['max-age=-1', undefined],
    ['max-age=1.5', undefined],
    ['max-age=+5', undefined],
    [`max-age=${'9'.repeat(400)}`, 2 ** 31],
    [`max-age=${'9'.repeat(400)}, min-fresh=${'9'.repeat(400)}`, 0],
    ['__proto__=1, constructor=1, max-age=2', 2],
  ])('%s requires an age of at most %s s', (value, maxAge) => {
    expect(parse(`result_id=${ID}`, value).maxAge).toBe(maxAge);
  });

  it('that is long and hostile is parsed in time', () => {
    const began = Date.now();
    for (const text of [
      '"\\'.repeat(5_000),
      ','.repeat(10_000),
      '"'.repeat(9_999),
      'a '.repeat(5_000),
      `${' '.repeat(9_000)}x y`,
    ]) {
      expect(parse(`result_id=${ID}`, text).maxAge).toBeUndefined();
    }
    expect(Date.now() - began).toBeLessThan(1_000);
  });
});
