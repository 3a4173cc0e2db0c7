import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KTP, list, rawList, refusal, runningSandbox, send, UNKNOWN } from './caller.ts';

const group = `/_sandbox/groups/${UNKNOWN}`;

describe('a group set through the control API', () => {
  test('is served verbatim: digits, order of keys, spaces, doubled and integer-like keys', async () => {
    const sandbox = await runningSandbox();
    const item = String.raw`{"id": "x", "10": 1, "2": {"b":9007199254740993123, "a":125000000.10},  "n":-0.0, "e":1E400, "b":"\u00e9\"}]\\", "b":[ ]}`;
    const set = await send(sandbox, 'PUT', group, {
      body: `{ "items": [ ${item} , ${item}], "overall_status": "ESCALATED" }`,
    });
    expect(set.status).toBe(204);
    const { text } = await rawList(sandbox, UNKNOWN);
    expect(text).toBe(`{"total":2,"overall_status":"ESCALATED","items":[${item},${item}]}`);
  });

  test('is served verbatim whatever JSON its items hold', async () => {
    const sandbox = await runningSandbox();
    const items = fc.array(fc.record({ id: fc.uuid(), status: fc.constant('COMPLETED'), output: fc.jsonValue() }), {
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(items, fc.constantFrom('', ' ', '\n  '), async (values, space) => {
        const sources = values.map((value) => JSON.stringify(value, null, space));
        await send(sandbox, 'PUT', group, { body: `{"items":[${sources.join(`${space},`)}${space}]}` });
        const { text } = await rawList(sandbox, UNKNOWN);
        const status = values.length === 0 ? 'DRAFT' : 'COMPLETED';
        expect(text).toBe(`{"total":${values.length},"overall_status":"${status}","items":[${sources.join(',')}]}`);
      }),
      { numRuns: 60 },
    );
  });

  test('pages like any other, and keeps its links unless it is set to sign them', async () => {
    const sandbox = await runningSandbox();
    const items = ['a', 'b', 'c'].map((id) => ({ id, status: 'FAILED', output_file_url: 'https://x.example/o?X=1' }));
    await send(sandbox, 'PUT', group, { body: { items } });
    const page = await list(sandbox, UNKNOWN, '&page_size=2&page_offset=1');
    expect(page).toEqual({ total: 3, overall_status: 'FAILED', items: items.slice(1) });
    await send(sandbox, 'PUT', group, { body: { items, sign_links: true } });
    expect((await list(sandbox, UNKNOWN)).items[0]?.output_file_url).toMatch(
      /^https:\/\/x\.example\/o\?X-Expires=\d+&X-Sig/,
    );
  });

  test('may lie about its total and its status', async () => {
    const sandbox = await runningSandbox();
    await send(sandbox, 'PUT', group, { body: '{"total": 12345678901234567890, "overall_status": null, "items": []}' });
    expect((await rawList(sandbox, UNKNOWN)).text).toBe(
      '{"total":12345678901234567890,"overall_status":null,"items":[]}',
    );
  });

  test('can replace a fixture, and be taken away; a reset brings the fixture back', async () => {
    const sandbox = await runningSandbox();
    await send(sandbox, 'PUT', `/_sandbox/groups/${KTP}`, { body: { items: [] } });
    expect((await list(sandbox, KTP)).total).toBe(0);
    expect((await send(sandbox, 'DELETE', `/_sandbox/groups/${KTP}`)).status).toBe(204);
    expect(refusal(await rawList(sandbox, KTP))).toMatchObject({ status: 404, error_code: 'NOT_FOUND' });
    await send(sandbox, 'POST', '/_sandbox/reset');
    expect((await list(sandbox, KTP)).total).toBe(3);
  });

  test.each([
    ['{', 'body'],
    ['[]', 'items'],
    ['{"items":{}}', 'items'],
    ['{"items":[],"overallStatus":"COMPLETED"}', 'overallStatus'],
  ])('is refused as %s, naming %s', async (body, field) => {
    const refused = refusal(await send(await runningSandbox(), 'PUT', group, { body }));
    expect(refused).toMatchObject({ status: 400, error_code: 'INVALID_REQUEST' });
    expect(refused.errors?.[0]?.field).toBe(field);
  });

  test('needs a UUID', async () => {
    const refused = await send(await runningSandbox(), 'PUT', '/_sandbox/groups/nonsense', { body: { items: [] } });
    expect(refusal(refused)).toMatchObject({ status: 400, error_code: 'INVALID_ID' });
  });
});

test('the fixtures are listed with what they are', async () => {
  const { text } = await send(await runningSandbox(), 'GET', '/_sandbox/groups');
  expect(JSON.parse(text)).toContainEqual({ result_id: KTP, name: 'KTP & selfie', about: expect.any(String) });
});
