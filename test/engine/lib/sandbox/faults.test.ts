import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Sandbox } from '../../../../lib/sandbox/server.ts';
import { BATCH, bearer, KTP, list, logIn, rawList, refusal, runningSandbox, SLIK, send } from './caller.ts';

/** Lists the batch's page at `offset` under one fault. */
async function faulted(fault: object, offset = 0, timeoutMs = 10_000) {
  const sandbox = await runningSandbox();
  await queue(sandbox, fault);
  return rawList(sandbox, BATCH, `&page_size=100&page_offset=${offset}`, timeoutMs);
}

async function queue(sandbox: Sandbox, fault: unknown) {
  expect((await send(sandbox, 'POST', '/_sandbox/faults', { body: fault })).status).toBe(204);
}

async function batchIds(sandbox: Sandbox): Promise<string[]> {
  const pages = await Promise.all(
    [0, 100, 200].map((offset) => list(sandbox, BATCH, `&page_size=100&page_offset=${offset}`)),
  );
  return pages.flatMap(({ items }) => items.map(({ id }) => id));
}

const pageSchema = z.object({ total: z.unknown(), overall_status: z.unknown(), items: z.array(z.looseObject({})) });
const page = ({ text }: { text: string }) => pageSchema.parse(JSON.parse(text));

describe('a fault of the transport', () => {
  test('status answers as requested, with code, message and headers, and without a rate limit', async () => {
    const answer = await faulted({
      kind: 'status',
      status: 429,
      error_code: 'QUOTA_EXCEEDED',
      message: 'slow down',
      headers: { 'retry-after': '7' },
    });
    expect(refusal(answer)).toEqual({ status: 429, error_code: 'QUOTA_EXCEEDED', message: 'slow down' });
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.get('x-ratelimit-limit')).toBeNull();
  });

  test('raw answers with any status, headers and body, and without AnyCheck’s headers', async () => {
    const headers = { 'content-type': 'text/html' };
    const answer = await faulted({ kind: 'raw', status: 403, headers, body: '<p>', repeat: 3 });
    expect([answer.status, answer.text]).toEqual([403, '<p><p><p>']);
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(answer.headers.get('x-ratelimit-limit')).toBeNull();
  });

  test.each(['gzip', 'deflate', 'br', 'zstd'])('coded answers rightly in %s', async (coding) => {
    const answer = await faulted({ kind: 'coded', codings: [coding] });
    expect(answer.headers.get('content-encoding')).toBe(coding);
    expect(page(answer).items).toHaveLength(100);
  });

  test('other_status, more_headers, wrapped and without_member change one part of the right answer', async () => {
    expect((await faulted({ kind: 'other_status', status: 203 })).status).toBe(203);
    const more = await faulted({ kind: 'more_headers', headers: { 'x-more': '1' } });
    expect([more.headers.get('x-more'), page(more).items.length]).toEqual(['1', 100]);
    expect(JSON.parse((await faulted({ kind: 'wrapped' })).text)).toHaveProperty('data.total');
    expect(JSON.parse((await faulted({ kind: 'without_member', member: 'total' })).text)).not.toHaveProperty('total');
  });

  test('delay answers rightly but late', async () => {
    const before = performance.now();
    const answer = await faulted({ kind: 'delay', delay_ms: 300 });
    expect(answer.status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(290);
  });

  test('hang never answers', async () => {
    await expect(faulted({ kind: 'hang' }, 0, 300)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('stall stops in the middle of the answer', async () => {
    await expect(faulted({ kind: 'stall' }, 0, 300)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('reset ends the connection without an answer', async () => {
    await expect(faulted({ kind: 'reset' })).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  test('cut_off ends the connection in the middle of the body', async () => {
    await expect(faulted({ kind: 'cut_off' })).rejects.toThrow('terminated');
  });

  test.each([
    ['html', 502],
    ['html_200', 200],
  ])('%s is a page with status %i', async (kind, status) => {
    const answer = await faulted({ kind });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html']);
    expect(answer.text).toMatch(/^<!doctype html>/);
  });

  test('empty_body is a 200 with nothing in it', async () => {
    expect(await faulted({ kind: 'empty_body' })).toMatchObject({ status: 200, text: '' });
  });

  test('truncate is a 200 with half of the JSON', async () => {
    const { status, text } = await faulted({ kind: 'truncate' });
    expect([status, text.slice(0, 12)]).toEqual([200, '{"total":250']);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test('not_an_object is an array', async () => {
    expect(JSON.parse((await faulted({ kind: 'not_an_object' })).text)).toBeInstanceOf(Array);
  });

  test('error_200 is an error with status 200', async () => {
    expect(refusal(await faulted({ kind: 'error_200' }))).toMatchObject({
      status: 200,
      error_code: 'INTERNAL_SERVER_ERROR',
    });
  });
});

describe('a fault of the credentials', () => {
  test('bad_key is API_KEY_EXPIRED', async () => {
    expect(refusal(await faulted({ kind: 'bad_key' }))).toMatchObject({ status: 401, error_code: 'API_KEY_EXPIRED' });
  });

  test('session_gone lasts until the next login', async () => {
    const sandbox = await runningSandbox();
    const { access_token } = await logIn(sandbox);
    await queue(sandbox, { kind: 'session_gone' });
    for (let call = 0; call < 2; call++) {
      expect(refusal(await bearer(sandbox, access_token))).toMatchObject({ status: 401, error_code: 'UNAUTHORIZED' });
    }
    expect((await bearer(sandbox, (await logIn(sandbox)).access_token)).status).toBe(200);
  });
});

describe('a fault of the content', () => {
  test('wrong_total lies about the total', async () => {
    expect(page(await faulted({ kind: 'wrong_total', by: -3 })).total).toBe(247);
  });

  test('unknown_status shows a status outside the reference', async () => {
    expect(page(await faulted({ kind: 'unknown_status' })).items[0]).toMatchObject({ status: 'ESCALATED' });
  });

  test('missing_id leaves one item without an id', async () => {
    const { items } = page(await faulted({ kind: 'missing_id' }));
    expect(items.filter((item) => !('id' in item))).toHaveLength(1);
  });

  test('foreign_group gives the items another result_id', async () => {
    const { items } = page(await faulted({ kind: 'foreign_group' }));
    expect(items.filter(({ result_id }) => result_id === BATCH)).toEqual([]);
  });

  test('short_page leaves an item out and lets the total stand', async () => {
    const { total, items } = page(await faulted({ kind: 'short_page' }));
    expect([total, items.length]).toEqual([250, 99]);
  });

  test('empty_page holds nothing, cap and refuse_size allow smaller pages alone', async () => {
    expect(page(await faulted({ kind: 'empty_page' }, 100))).toMatchObject({ total: 250, items: [] });
    expect(page(await faulted({ kind: 'cap', max: 30 })).items).toHaveLength(30);
    expect(refusal(await faulted({ kind: 'refuse_size' }))).toMatchObject({
      status: 400,
      error_code: 'INVALID_REQUEST',
    });
    expect((await faulted({ kind: 'refuse_size', max: 100 })).status).toBe(200);
  });

  test('shuffle lists the group in another order, grow inserts items at the front', async () => {
    const sandbox = await runningSandbox();
    const real = await batchIds(sandbox);
    await queue(sandbox, { kind: 'grow', since: Date.now() - 3_500, every_ms: 1000 });
    const { total, items } = await list(sandbox, BATCH, '&page_size=100');
    expect(total).toBe(253);
    expect(items.slice(3).map(({ id }) => id)).toEqual(real.slice(0, 97));
    await queue(sandbox, { kind: 'shuffle' });
    const shuffled = (await list(sandbox, BATCH, '&page_size=100')).items.map(({ id }) => id);
    expect(shuffled).not.toEqual(real.slice(0, 100));
    expect(shuffled.filter((id) => !real.includes(id))).toEqual([]);
  });

  test('wrong_types turns total, overall_status and items into something else, or one of them', async () => {
    expect(JSON.parse((await faulted({ kind: 'wrong_types' })).text)).toEqual({
      total: 'many',
      overall_status: 7,
      items: { 0: null },
    });
    expect(page(await faulted({ kind: 'wrong_types', field: 'total' })).total).toBe('many');
  });
});

describe('a fault between pages', () => {
  test('leaves the first page alone', async () => {
    for (const kind of ['drop_item', 'insert_item', 'swap_item', 'move_item', 'duplicate_id', 'status_moves']) {
      const answer = page(await faulted({ kind }));
      expect(answer, kind).toMatchObject({ total: 250, overall_status: 'COMPLETED' });
    }
  });

  test.each([
    { kind: 'drop_item', total: 249, unique: 249, listed: 249 },
    { kind: 'insert_item', total: 251, unique: 250, listed: 251 },
    { kind: 'swap_item', total: 250, unique: 250, listed: 250 },
    { kind: 'move_item', total: 250, unique: 249, listed: 250 },
    { kind: 'duplicate_id', total: 250, unique: 248, listed: 250 },
  ])('$kind tears the list', async ({ kind, total, unique, listed }) => {
    const sandbox = await runningSandbox();
    const real = await batchIds(sandbox);
    await queue(sandbox, { kind, times: 2 });
    const torn = await batchIds(sandbox);
    expect(torn).not.toEqual(real);
    expect([torn.length, new Set(torn).size]).toEqual([listed, unique]);
    await queue(sandbox, { kind });
    expect((await list(sandbox, BATCH, '&page_offset=100')).total).toBe(total);
    expect(await batchIds(sandbox)).toEqual(real);
  });

  test('status_moves shows another overall_status on a later page', async () => {
    expect(page(await faulted({ kind: 'status_moves' }, 100)).overall_status).toBe('IN_PROGRESS');
  });

  test('can be made lasting from the second page on', async () => {
    const sandbox = await runningSandbox();
    await queue(sandbox, { kind: 'drop_item', pages: 'any', after: 1, times: 1000 });
    const totals = [];
    for (const offset of [0, 100, 0, 100]) totals.push((await list(sandbox, BATCH, `&page_offset=${offset}`)).total);
    expect(totals).toEqual([250, 249, 249, 249]);
  });
});

describe('the queue', () => {
  test('hits the next calls, as often as requested, in order', async () => {
    const sandbox = await runningSandbox();
    await queue(sandbox, [
      { kind: 'status', status: 500, times: 2 },
      { kind: 'status', status: 503 },
    ]);
    const seen = [];
    for (let call = 0; call < 4; call++) seen.push((await rawList(sandbox, KTP)).status);
    expect(seen).toEqual([500, 500, 503, 200]);
  });

  test('may aim at one group, let calls pass, and hit the auth routes', async () => {
    const sandbox = await runningSandbox();
    const { email, password } = sandbox.credentials;
    await queue(sandbox, { kind: 'status', status: 503, result_id: SLIK, after: 1 });
    await queue(sandbox, { kind: 'status', status: 500, route: 'login' });
    const seen = [];
    for (const group of [KTP, SLIK, SLIK, SLIK]) seen.push((await rawList(sandbox, group)).status);
    expect(seen).toEqual([200, 200, 503, 200]);
    expect((await send(sandbox, 'POST', '/auth/login', { body: { email, password } })).status).toBe(500);
    expect((await send(sandbox, 'POST', '/auth/login', { body: { email, password } })).status).toBe(200);
  });

  test('is listed with all kinds there are, and can be emptied', async () => {
    const sandbox = await runningSandbox();
    await queue(sandbox, { kind: 'hang', times: 5 });
    const shown = z.object({
      queued: z.array(z.unknown()),
      kinds: z.array(z.object({ kind: z.string(), about: z.string() })),
    });
    const read = async () => shown.parse(JSON.parse((await send(sandbox, 'GET', '/_sandbox/faults')).text));
    const { queued, kinds } = await read();
    expect(queued).toEqual([expect.objectContaining({ kind: 'hang', times: 5 })]);
    expect(kinds.length).toBeGreaterThanOrEqual(30);
    await send(sandbox, 'DELETE', '/_sandbox/faults');
    expect((await read()).queued).toEqual([]);
  });

  test.each([
    [{ kind: 'nonsense' }, 'kind'],
    [{ kind: 'hang', times: 0 }, 'times'],
    [{ kind: 'status' }, 'status'],
    [{ kind: 'hang', tiems: 3 }, 'fault'],
    [{ kind: 'drop_item', route: 'login' }, 'route'],
  ])('refuses %j, naming %s', async (body, field) => {
    const sandbox = await runningSandbox();
    const refused = refusal(await send(sandbox, 'POST', '/_sandbox/faults', { body }));
    expect(refused).toMatchObject({ status: 400, error_code: 'INVALID_REQUEST' });
    expect(refused.errors?.[0]?.field).toBe(field);
    expect(sandbox.controls.faults()).toEqual([]);
  });
});
