import { describe, expect, test } from 'vitest';
import {
  BATCH,
  handClock,
  KTP,
  keyed,
  LAND_CERTIFICATE,
  list,
  refusal,
  runningSandbox,
  SLIK,
  UNKNOWN,
} from './caller.ts';

const UNREAD = '88888888-8888-4888-8888-888888888888';

async function clocked() {
  const clock = handClock();
  return { clock, sandbox: await runningSandbox({ now: clock.now }) };
}

describe('in real time', () => {
  test('the KTP group goes from IN_QUEUE to COMPLETED within 40 s, item by item', async () => {
    const { clock, sandbox } = await clocked();
    const seen: string[] = [];
    for (let second = 0; second <= 40; second++) {
      const { overall_status, items } = await list(sandbox, KTP);
      const state = `${overall_status}: ${items.map(({ status }) => status).join(' ')}`;
      if (seen.at(-1) !== state) seen.push(state);
      clock.forward(1);
    }
    expect(seen).toEqual([
      'IN_QUEUE: IN_QUEUE IN_QUEUE IN_QUEUE',
      'IN_PROGRESS: IN_PROGRESS IN_QUEUE IN_QUEUE',
      'IN_PROGRESS: IN_PROGRESS IN_PROGRESS IN_QUEUE',
      'IN_PROGRESS: IN_PROGRESS IN_PROGRESS IN_PROGRESS',
      'PARTIALLY_COMPLETED: COMPLETED IN_PROGRESS IN_PROGRESS',
      'PARTIALLY_COMPLETED: COMPLETED COMPLETED IN_PROGRESS',
      'COMPLETED: COMPLETED COMPLETED COMPLETED',
    ]);
  });

  test('an item has no result while it is unfinished, and all of it afterwards', async () => {
    const { clock, sandbox } = await clocked();
    const open = {
      output: null,
      output_status: null,
      end_date: null,
      execution_time: null,
      export_file_url: null,
      credit_used: 0,
    };
    expect((await list(sandbox, KTP)).items[0]).toMatchObject({ ...open, start_date: null });
    clock.forward(5);
    expect((await list(sandbox, KTP)).items[0]).toMatchObject({ ...open, start_date: '2026-11-23T08:00:00Z' });
    clock.forward(10);
    expect((await list(sandbox, KTP)).items[0]).toMatchObject({
      output: { is_match_face: true },
      output_status: 'VERIFIED',
      end_date: '2026-11-23T08:00:14Z',
      updated_at: '2026-11-23T08:00:14Z',
      created_at: '2026-11-23T08:00:00Z',
      credit_used: 10,
    });
  });

  test('a group without readers completes as well', async () => {
    const { clock, sandbox } = await clocked();
    clock.forward(30);
    expect((await list(sandbox, UNREAD)).overall_status).toBe('COMPLETED');
  });
});

describe('at rest', () => {
  test('a land certificate waits for a review with an output and no verdict', async () => {
    const { overall_status, items } = await list(await runningSandbox(), LAND_CERTIFICATE);
    expect(overall_status).toBe('NEED_REVIEW');
    expect(items[0]).toMatchObject({ output: { jenis_hak: 'HAK MILIK' }, output_status: null, end_date: null });
  });

  test('a failed item beside a completed one makes the group PARTIALLY_FAILED', async () => {
    const { overall_status, items } = await list(await runningSandbox(), SLIK);
    expect([overall_status, items.map(({ status }) => status)]).toEqual(['PARTIALLY_FAILED', ['FAILED', 'COMPLETED']]);
  });

  test('a detected fraud holds its group before the extraction', async () => {
    const { overall_status, items } = await list(await runningSandbox(), '55555555-5555-4555-8555-555555555555');
    expect(overall_status).toBe('FRAUD_DETECTED');
    expect(items[0]).toMatchObject({ status: 'FRAUD_DETECTED', output: null });
  });
});

describe('a retry', () => {
  test('takes a failed item back to the queue, and its life runs again', async () => {
    const { clock, sandbox } = await clocked();
    const id = (await list(sandbox, SLIK)).items[0]?.id;
    expect((await keyed(sandbox, 'POST', `/verifications/${id}/retry`)).status).toBe(200);
    const seen: string[] = [];
    for (let second = 0; second <= 12; second += 4) {
      const { overall_status, items } = await list(sandbox, SLIK);
      seen.push(`${overall_status}: ${items[0]?.status}`);
      clock.forward(4);
    }
    expect(seen).toEqual([
      'PARTIALLY_COMPLETED: IN_QUEUE',
      'PARTIALLY_COMPLETED: IN_PROGRESS',
      'PARTIALLY_COMPLETED: IN_PROGRESS',
      'COMPLETED: COMPLETED',
    ]);
    expect((await list(sandbox, SLIK)).items[0]).toMatchObject({
      output: { fasilitas: expect.anything() },
      credit_used: 10,
    });
  });

  test('takes a completed item back too, in a batch, and in a group that was set verbatim', async () => {
    const { clock, sandbox } = await clocked();
    const id = (await list(sandbox, BATCH, '&page_offset=180')).items[0]?.id;
    await keyed(sandbox, 'POST', `/verifications/${id}/retry`, {});
    expect(await list(sandbox, BATCH, '&page_offset=180')).toMatchObject({
      overall_status: 'PARTIALLY_COMPLETED',
      items: expect.arrayContaining([expect.objectContaining({ id, status: 'IN_QUEUE', output: null })]),
    });
    const item = { id: UNKNOWN, status: 'COMPLETED', output: { deep: 1 } };
    sandbox.controls.setGroup(UNKNOWN, JSON.stringify({ overall_status: 'COMPLETED', items: [item] }));
    await keyed(sandbox, 'POST', `/verifications/${UNKNOWN}/retry`);
    expect(await list(sandbox, UNKNOWN)).toEqual({
      total: 1,
      overall_status: 'IN_QUEUE',
      items: [{ id: UNKNOWN, status: 'IN_QUEUE', output: null }],
    });
    clock.forward(12);
    expect((await list(sandbox, UNKNOWN)).items).toEqual([item]);
  });

  test.each([
    ['body', '', { force: true }],
    ['query', '?force=true', undefined],
  ])('needs force, in the %s, for others', async (_, query, body) => {
    const { sandbox } = await clocked();
    const id = (await list(sandbox, LAND_CERTIFICATE)).items[0]?.id;
    const plain = await keyed(sandbox, 'POST', `/verifications/${id}/retry`);
    expect(refusal(plain)).toMatchObject({ status: 400, error_code: 'INVALID_VALUE' });
    expect((await keyed(sandbox, 'POST', `/verifications/${id}/retry${query}`, body)).status).toBe(200);
    expect((await list(sandbox, LAND_CERTIFICATE)).overall_status).toBe('IN_QUEUE');
  });

  test('of an unknown or a malformed id is refused', async () => {
    const { sandbox } = await clocked();
    const unknown = await keyed(sandbox, 'POST', `/verifications/${UNKNOWN}/retry`);
    const malformed = await keyed(sandbox, 'POST', '/verifications/nonsense/retry');
    expect(refusal(unknown)).toMatchObject({ status: 404, error_code: 'NOT_FOUND' });
    expect(refusal(malformed)).toMatchObject({ status: 400, error_code: 'INVALID_ID' });
  });
});

describe('an edit', () => {
  test('sets a completed item back to NEED_REVIEW, and only such a one', async () => {
    const { sandbox } = await clocked();
    const [failed, completed] = (await list(sandbox, SLIK)).items;
    expect((await keyed(sandbox, 'PUT', `/verifications/${completed?.id}`, { status: 'NEED_REVIEW' })).status).toBe(
      200,
    );
    expect((await list(sandbox, SLIK)).items[1]).toMatchObject({
      status: 'NEED_REVIEW',
      output_status: null,
      end_date: null,
    });
    const refused = await keyed(sandbox, 'PUT', `/verifications/${failed?.id}`, { status: 'NEED_REVIEW' });
    expect(refusal(refused)).toMatchObject({ status: 400, error_code: 'INVALID_VALUE' });
    const other = await keyed(sandbox, 'PUT', `/verifications/${completed?.id}`, { status: 'COMPLETED' });
    expect(refusal(other)).toMatchObject({ status: 400, error_code: 'INVALID_REQUEST' });
  });
});
