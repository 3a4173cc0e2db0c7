import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseListing } from '../../../../../functions/domain/group/verification.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const listing = (item: string) => `{"total":1,"overall_status":"COMPLETED","items":[${item}]}`;
const itemText = (item: string) => parseListing(listing(item), ID).items[0]?.text;

describe('reading an answer of AnyCheck', () => {
  it('keeps every field and every digit of an item', () => {
    const item = `{ "id": "a", "output": {"2": 9007199254740993, "1": 1.50}, "new_field": [ null ], "status": "COMPLETED" }`;
    expect(itemText(item)).toBe(
      '{"id":"a","output":{"2":9007199254740993,"1":1.50},"new_field":[null],"status":"COMPLETED"}',
    );
  });

  it.each([
    ['as it is', '{"id":"a","webhook_metadata":{"webhook_secret":"s3cret","tag":1}}', '{"tag":1}'],
    ['with its keys escaped', String.raw`{"id":"a","webhook\u005fmetadata":{"\u0077ebhook_secret":"s3cret"}}`, '{}'],
    ['twice', '{"id":"a","webhook_metadata":{"webhook_secret":"s3cret","webhook_secret":"s3cret"}}', '{}'],
    ['as an object', '{"id":"a","webhook_metadata":{"tag":1,"webhook_secret":{"v":"s3cret"}}}', '{"tag":1}'],
  ])('takes the webhook secret out, %s', (_, item, metadata) => {
    const text = itemText(item) ?? '';
    expect(text).not.toContain('s3cret');
    expect(text).toMatch(/^\{"id":"a","webhook(_|\\u005f)metadata":/);
    expect(text.endsWith(`:${metadata}}`)).toBe(true);
  });

  it('takes a missing or null status and output, and a null overall status', () => {
    const body = '{"total":2,"overall_status":null,"items":[{"id":"a","status":null},{"id":"b"}]}';
    const { overallStatus, items } = parseListing(body, ID);
    expect(overallStatus).toBeNull();
    expect(items.map(({ status }) => status)).toEqual([null, null]);
  });

  it.each([
    ['HTML', '<html>bad gateway</html>'],
    ['cut JSON', '{"total":1,"overall_status":"COMPLETED","items":[{"id":"a"'],
    ['an error body', '{"error_code":"NOT_FOUND","message":"x"}'],
    ['a list', '[]'],
    ['a total that is no integer', '{"total":"1","overall_status":"COMPLETED","items":[{"id":"a"}]}'],
    ['an item without id', listing('{"status":"COMPLETED"}')],
    ['an item with a status that is a number', listing('{"id":"a","status":3}')],
    ["another group's item", listing('{"id":"a","result_id":"11111111-1111-4111-8111-111111111111"}')],
  ])('refuses %s as malformed, without quoting it', (_, body) => {
    expect(() => parseListing(body, ID)).toThrow(UpstreamError);
    try {
      parseListing(body, ID);
    } catch (error) {
      expect(error).toMatchObject({ reason: 'MALFORMED' });
      expect(String(error)).not.toContain('COMPLETED');
    }
  });

  it('says of an answer that is broken anywhere no more than that it is', () => {
    const whole = listing(
      `{"id":"a", "output":{"name":"Budi Santoso","list":[1.50,null,"\\u00e9"]},"result_id":"${ID}"}`,
    );
    const breakage = fc.record({ at: fc.nat(whole.length), gone: fc.nat(3), put: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(breakage, ({ at, gone, put }) => {
        try {
          parseListing(whole.slice(0, at) + put + whole.slice(at + gone), ID);
        } catch (error) {
          expect(error).toMatchObject({ name: 'UpstreamError', reason: 'MALFORMED' });
          expect(String(error)).toMatch(
            /answer (is not JSON|has no usable (shape|total|overall_status|items[.\w]*)|holds items of another group)$/,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['lists', '['.repeat(100_000), ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(100_000), '}'.repeat(100_000)],
    ['JSON in a string of the metadata', `"${'['.repeat(1000)}{\\"webhook_secret\\":1}`, `${']'.repeat(1000)}"`],
  ])('refuses %s that are nested too deeply', (_, open, close) => {
    const item = `{"id":"a","webhook_metadata":${open}${open.endsWith(':') ? '1' : ''}${close}}`;
    expect(() => parseListing(listing(item), ID)).toThrow("AnyCheck's answer is nested too deeply");
  });

  it('takes the last of doubled fields, as JSON.parse does', () => {
    const body =
      '{"items":[{"id":"x"}],"total":9,"total":1.0,"overall_status":null,"overall_status":"FAILED","items":[{"id":"a"}]}';
    expect(parseListing(body, ID)).toEqual({
      total: 1,
      totalText: '1.0',
      overallStatus: 'FAILED',
      overallStatusText: '"FAILED"',
      items: [{ id: 'a', status: null, text: '{"id":"a"}' }],
    });
  });

  it('takes a result_id in either case', () => {
    expect(itemText(`{"id":"a","result_id":"${ID.toUpperCase()}"}`)).toContain(ID.toUpperCase());
  });
});
