import { describe, expect, test } from 'vitest';
import { BATCH, EMPTY, KTP, keyed, list, rawList, refusal, runningSandbox, UNKNOWN } from './caller.ts';

describe('paging', () => {
  test('a page has 10 items by default, and total counts the group', async () => {
    const { total, items } = await list(await runningSandbox(), BATCH);
    expect([total, items.length]).toEqual([250, 10]);
  });

  test('pages of 100 give every item once, in one order', async () => {
    const sandbox = await runningSandbox();
    const ids: string[] = [];
    for (const offset of [0, 100, 200]) {
      ids.push(...(await list(sandbox, BATCH, `&page_size=100&page_offset=${offset}`)).items.map(({ id }) => id));
    }
    expect(new Set(ids).size).toBe(250);
    const middle = await list(sandbox, BATCH, '&page_size=7&page_offset=95');
    expect(middle.items.map(({ id }) => id)).toEqual(ids.slice(95, 102));
  });

  test('past the end there are no items, and the total stays', async () => {
    const { total, items } = await list(await runningSandbox(), BATCH, '&page_offset=9007199254740991');
    expect([total, items]).toEqual([250, []]);
  });

  test('the offset skips items, not pages', async () => {
    const sandbox = await runningSandbox();
    const [, second] = (await list(sandbox, KTP)).items;
    expect((await list(sandbox, KTP, '&page_offset=1&page_size=1')).items[0]?.id).toBe(second?.id);
  });
});

describe('a query', () => {
  test.each([
    ['', 'result_id'],
    ['?result_id=', 'result_id'],
    [`?result_id=${KTP}&result_id=${KTP}`, 'result_id'],
    [`?result_id=${KTP}&page_size=0`, 'page_size'],
    [`?result_id=${KTP}&page_size=101`, 'page_size'],
    [`?result_id=${KTP}&page_size=`, 'page_size'],
    [`?result_id=${KTP}&page_size=ten`, 'page_size'],
    [`?result_id=${KTP}&page_offset=-1`, 'page_offset'],
    [`?result_id=${KTP}&page_offset=01`, 'page_offset'],
    [`?result_id=${KTP}&page_offset=1.5`, 'page_offset'],
    [`?result_id=${KTP}&page_offset=1&page_offset=2`, 'page_offset'],
  ])('%j is INVALID_REQUEST naming %s', async (query, field) => {
    const refused = refusal(await keyed(await runningSandbox(), 'GET', `/verifications${query}`));
    expect(refused).toMatchObject({ status: 400, error_code: 'INVALID_REQUEST' });
    expect(refused.errors?.map((error) => error.field)).toEqual([field]);
  });

  test('with a malformed result_id is INVALID_ID', async () => {
    const refused = refusal(await rawList(await runningSandbox(), 'not-a-uuid'));
    expect(refused).toMatchObject({ status: 400, error_code: 'INVALID_ID' });
  });

  test('may spell the id in upper case and carry unknown parameters', async () => {
    const sandbox = await runningSandbox();
    sandbox.controls.setGroup(UNKNOWN, '{"items":[]}');
    expect((await list(sandbox, UNKNOWN.toUpperCase(), '&verbose=yes')).total).toBe(0);
  });
});

describe('a group', () => {
  test('that is unknown is NOT_FOUND, as are other paths and methods', async () => {
    const sandbox = await runningSandbox();
    const answers = [
      await rawList(sandbox, UNKNOWN),
      await keyed(sandbox, 'GET', '/elsewhere'),
      await keyed(sandbox, 'DELETE', `/verifications?result_id=${KTP}`),
    ];
    for (const answer of answers) expect(refusal(answer)).toMatchObject({ status: 404, error_code: 'NOT_FOUND' });
  });

  test('that is known and empty has a total of 0 and a status', async () => {
    expect(await list(await runningSandbox(), EMPTY)).toEqual({ total: 0, overall_status: 'DRAFT', items: [] });
  });
});

test('links are signed anew at every call, and nothing else differs', async () => {
  const sandbox = await runningSandbox();
  const first = (await rawList(sandbox, BATCH)).text;
  const second = (await rawList(sandbox, BATCH)).text;
  const unsigned = (text: string) => text.replaceAll(/\?X-Expires=\d+&X-Signature=[0-9a-f]+/g, '');
  const signatures = [...`${first}${second}`.matchAll(/X-Signature=([0-9a-f]+)/g)].map(([, signature]) => signature);
  expect(signatures).toHaveLength(60);
  expect(new Set(signatures).size).toBe(60);
  expect(unsigned(first)).toBe(unsigned(second));
});
