import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { eventually, failureOf } from '../stack/calls.ts';
import { USER } from '../stack/options.ts';
import { type Running, startRunning } from '../stack/running.ts';

const Version = z.object({ version: z.number(), transitions: z.array(z.object({ to: z.string().nullable() })) });
const History = z.object({ items: z.array(Version), next_cursor: z.string().nullable() });
const Groups = z.object({
  items: z.array(z.object({ result_id: z.string(), version: z.number().nullable() })),
  next_cursor: z.string().nullable(),
});
const TrackedAnswer = z.object({ accepted: z.array(z.string()), known: z.array(z.string()) });

let running: Running;
beforeAll(async () => {
  running = await startRunning();
});
afterAll(() => running.stop());

const call = (method: string, path: string, body?: unknown) =>
  running.call(path, {
    method,
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const item = (id: string, status: string, more: string) =>
  `{"id":"${id}","status":"${status}","output":{"name":"Siti Rahayu","nik":"3171234567890001","score":${more}},"credit_used":1.50}`;
/** A group that AnyCheck has and the service does not track yet. */
function hold(resultId: string = randomUUID(), status = 'COMPLETED', score = '1.50'): string {
  const items = [item('a', status, score), item('b', 'COMPLETED', '12345678901234567890123')];
  running.sandbox.controls.setGroup(resultId, `{"overall_status":"${status}","items":[${items.join()}]}`);
  return resultId;
}
const groupOf = async (resultId: string) => (await call('GET', `/groups/${resultId}`)).json();
const track = async (...resultIds: string[]) =>
  TrackedAnswer.parse(await (await call('POST', '/groups', { result_ids: resultIds })).json());
const fetched = (resultId: string, version = 1) =>
  eventually(
    () => groupOf(resultId),
    (group) => z.object({ version: z.literal(version) }).safeParse(group).success,
  );

describe('POST /groups', () => {
  it('tracks groups, fetches them unread, and is idempotent', async () => {
    const [known, fresh] = [hold(), hold()];
    expect(await track(known)).toEqual({ accepted: [known], known: [] });
    expect(await track(fresh, known, fresh)).toEqual({ accepted: [fresh], known: [known] });
    expect(await fetched(fresh)).toMatchObject({ total: 2, status_counts: { COMPLETED: 2 }, phase: 'settled' });
  });

  it('tracks none where an id is no UUID, naming it', async () => {
    const id = hold();
    const refused = await call('POST', '/groups', { result_ids: [id, 'nonsense'] });
    expect(refused.status).toBe(400);
    expect(await failureOf(refused)).toMatchObject({
      error_code: 'INVALID_ID',
      errors: [{ field: 'result_ids.1' }],
    });
    expect((await call('GET', `/groups/${id}`)).status).toBe(404);
  });

  it.each([
    [{}],
    [{ result_ids: [] }],
    [{ result_ids: 'x' }],
    [{ result_ids: Array.from({ length: 101 }, () => randomUUID()) }],
    // Were each told of, the answer would be larger than a function can give.
    [{ result_ids: Array.from({ length: 1_000_000 }, () => '') }],
  ])('refuses a body without 1 to 100 ids, in a word', async (body) => {
    const refused = await call('POST', '/groups', body);
    expect(refused.status).toBe(400);
    expect((await failureOf(refused)).errors?.map(({ field }) => field)).toEqual(['result_ids']);
  });
});

describe('an unknown name', () => {
  it('in the body of POST /groups is refused with the nearest known name, and tracks nothing', async () => {
    const id = hold();
    const refused = await call('POST', '/groups', { result_ids: [id], result_id: id });
    expect(refused.status).toBe(400);
    expect((await failureOf(refused)).errors).toEqual([
      { field: 'result_id', message: 'result_id is unknown. Did you mean result_ids?' },
    ]);
    expect((await call('GET', `/groups/${id}`)).status).toBe(404);
  });

  it.each([
    ['POST', '/groups'],
    ['GET', '/groups'],
    ['GET', '/groups/{id}'],
    ['GET', '/groups/{id}/history'],
    ['POST', '/groups/{id}/refresh'],
    ['POST', '/groups/{id}/redact'],
    ['DELETE', '/groups/{id}'],
    ['GET', '/health'],
    ['GET', '/health/deep'],
    ['GET', '/docs'],
    ['GET', '/openapi.json'],
  ])('in the query of %s %s is refused, and has no effect', async (method, path) => {
    const id = hold();
    await track(id);
    const body = path === '/groups' && method === 'POST' ? { result_ids: [id] } : undefined;
    const refused = await call(method, `${path.replace('{id}', id)}?dry_run=true`, body);
    expect(refused.status).toBe(400);
    expect((await failureOf(refused)).errors).toMatchObject([{ field: 'dry_run' }]);
    expect((await call('GET', `/groups/${id}`)).status).toBe(200);
  });

  it('in the query of a login is ignored, as AnyCheck ignores it', async () => {
    expect((await call('POST', '/auth/login?client=app', { ...USER, remember: true })).status).toBe(200);
  });
});

describe('GET /groups', () => {
  /** Every page of a listing, 2 groups each. */
  async function listed(query: string): Promise<string[]> {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = Groups.parse(await (await call('GET', `/groups?limit=2${query}${next}`)).json());
      found.push(...page.items.map(({ result_id }) => result_id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    return found;
  }

  it('lists all groups, each once, the last changed first or last', async () => {
    const ids = Array.from({ length: 7 }, () => hold());
    await track(...ids);
    for (const id of ids) await fetched(id);
    const found = await listed('');
    expect(found).toHaveLength(new Set(found).size);
    expect(found).toEqual(expect.arrayContaining(ids));
    expect(await listed('&order=newest')).toEqual(found);
    expect(await listed('&order=oldest')).toEqual(found.toReversed());
  });

  it('refuses the cursor of one order with the other, naming the field', async () => {
    await track(hold(), hold());
    const { next_cursor } = Groups.parse(await (await call('GET', '/groups?limit=1&order=oldest')).json());
    const refused = await call('GET', `/groups?limit=1&cursor=${next_cursor}`);
    expect(refused.status).toBe(400);
    expect((await failureOf(refused)).errors?.map(({ field }) => field)).toEqual(['cursor']);
  });

  it.each([
    ['phase=done', 'phase'],
    ['order=last', 'order'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['cursor=x', 'cursor'],
    ['limit=1&limit=2', 'limit'],
    ['overall_status=completed', 'overall_status'],
    ['overall_status=foo%20bar', 'overall_status'],
    ['overall_status=', 'overall_status'],
    ['overall_staus=COMPLETED', 'overall_staus'],
    ['failing=false', 'failing'],
    ['failing=true&order=oldest&changed_since=2020-01-01T00:00:00Z', 'changed_since'],
  ])('refuses ?%s and names %s', async (query, field) => {
    const refused = await call('GET', `/groups?${query}`);
    expect(refused.status).toBe(400);
    expect((await failureOf(refused)).errors?.map((error) => error.field)).toEqual([field]);
  });

  it('names the parameter that a misspelt one is nearest to', async () => {
    expect(await failureOf(await call('GET', '/groups?overall_staus=COMPLETED'))).toMatchObject({
      error_code: 'INVALID_REQUEST',
      errors: [{ message: 'overall_staus is unknown. Did you mean overall_status?' }],
    });
  });
});

describe('a group whose refreshes fail for a reason of its own', () => {
  it('is in the list of failing groups, with the time when that began, until a refresh succeeds', async () => {
    const [id, other] = [hold(), hold()];
    await track(id, other);
    for (const one of [id, other]) expect(await fetched(one)).toMatchObject({ failing_since: null });
    const failing = async () =>
      z
        .object({ items: z.array(z.object({ result_id: z.string(), failing_since: z.iso.datetime() })) })
        .parse(await (await call('GET', '/groups?failing=true')).json())
        .items.map(({ result_id }) => result_id);
    expect(await failing()).not.toContain(id);
    running.sandbox.controls.addFaults({ kind: 'missing_id', result_id: id, times: 1 });
    expect((await call('POST', `/groups/${id}/refresh`)).status).toBe(202);
    await eventually(failing, (ids) => ids.includes(id));
    expect(await failing()).not.toContain(other);
    expect((await call('POST', `/groups/${id}/refresh`)).status).toBe(202);
    await eventually(failing, (ids) => !ids.includes(id));
    expect(await groupOf(id)).toMatchObject({ failing_since: null, last_error: null });
  });
});

describe('the state of groups', () => {
  it('is 304 for a caller that has it, until it changes', async () => {
    const id = hold(undefined, 'IN_PROGRESS');
    await track(id);
    await fetched(id);
    for (const path of [`/groups/${id}`, '/groups?limit=1&phase=active']) {
      const etag = (await call('GET', path)).headers.get('etag') ?? '';
      const held = () =>
        running.call(path, { headers: { authorization: `Bearer ${running.token}`, 'if-none-match': etag } });
      const unchanged = await held();
      expect([unchanged.status, await unchanged.text(), unchanged.headers.get('etag')]).toEqual([304, '', etag]);
      expect((await call('POST', `/groups/${id}/refresh`)).status).toBe(202);
      await eventually(
        async () => (await held()).status,
        (status) => status === 200,
      );
    }
  });
});

describe('a group that changed', () => {
  it('returns its versions, their differences, and the snapshot of any time', async () => {
    const id = hold(undefined, 'IN_PROGRESS');
    await track(id);
    await fetched(id);
    const between = new Date().toISOString();
    hold(id, 'COMPLETED', '1.5');
    expect((await call('POST', `/groups/${id}/refresh`)).status).toBe(202);
    await fetched(id, 2);

    const history = History.parse(await (await call('GET', `/groups/${id}/history`)).json());
    expect(history.items).toEqual([
      { version: 2, transitions: [{ to: 'COMPLETED' }] },
      { version: 1, transitions: [] },
    ]);
    const page = History.parse(await (await call('GET', `/groups/${id}/history?limit=1`)).json());
    const rest = await call('GET', `/groups/${id}/history?limit=1&cursor=${page.next_cursor}`);
    expect(History.parse(await rest.json()).items[0]?.version).toBe(1);

    const diff = await (await call('GET', `/groups/${id}/diff?from=1&to=2`)).text();
    expect(diff).toContain('"verification_id":"a","change":"changed","from_index":0,"to_index":0');
    expect(diff).toContain('{"op":"replace","path":"/output/score","value":1.5}');
    expect(await (await call('GET', `/groups/${id}/diff?from=2&to=1`)).text()).toContain('"value":1.50}');

    const statuses = async (version: number) => (await call('GET', `/groups/${id}/statuses?version=${version}`)).json();
    const other = { id: 'b', status: 'COMPLETED' };
    expect(await statuses(1)).toEqual({ items: [{ id: 'a', status: 'IN_PROGRESS' }, other] });
    expect(await statuses(2)).toEqual({ items: [{ id: 'a', status: 'COMPLETED' }, other] });

    const then = await running.list(`result_id=${id}&as_of=${between}`);
    expect(then.headers.get('x-snapshot-version')).toBe('1');
    expect(await then.text()).toContain('"score":1.50');
  });

  it.each([
    ['/diff?from=1&to=9', 404],
    ['/diff?from=1', 400],
    ['/diff?from=x&to=1', 400],
    ['/statuses?version=9', 404],
    ['/statuses', 400],
    ['/statuses?version=x', 400],
    ['/history?cursor=nonsense', 400],
    ['/history?version=1', 400],
    ['?verbose=1', 400],
  ])('answers %s with %i', async (path, status) => {
    const id = hold();
    await track(id);
    await fetched(id);
    expect((await call('GET', `/groups/${id}${path}`)).status).toBe(status);
  });

  it.each(['as_of=yesterday', 'as_of=2020-01-01T00:00:00Z&snapshot_version=1', 'as_of='])(
    'refuses ?%s',
    async (query) => {
      const refused = await running.list(`result_id=${hold()}&${query}`);
      expect(refused.status).toBe(400);
      expect((await failureOf(refused)).errors?.[0]?.field).toBe('as_of');
    },
  );

  it('had no version before the first', async () => {
    const id = hold();
    expect((await running.list(`result_id=${id}&as_of=2020-01-01T00:00:00Z`)).status).toBe(404);
  });
});

describe('a group that is not tracked', () => {
  it.each([
    ['GET', ''],
    ['GET', '/history'],
    ['GET', '/diff?from=1&to=1'],
    ['GET', '/statuses?version=1'],
    ['POST', '/refresh'],
    ['POST', '/redact'],
  ])('is not found by %s %s', async (method, path) => {
    const missing = await call(method, `/groups/${hold()}${path}`);
    expect(missing.status).toBe(404);
    expect(await failureOf(missing)).toMatchObject({ error_code: 'NOT_FOUND' });
  });
});

describe('an erased group', () => {
  it('is 404 at once, without a call to AnyCheck, until it is tracked anew', async () => {
    const id = hold();
    expect((await running.list(`result_id=${id}`)).status).toBe(200);
    expect((await call('DELETE', `/groups/${id}`)).status).toBe(204);
    expect((await call('DELETE', `/groups/${id}`)).status).toBe(204);
    const callsBefore = running.sandbox.controls.calls().calls.length;
    expect((await running.list(`result_id=${id}`)).status).toBe(404);
    expect((await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' })).status).toBe(404);
    expect((await running.deliver({ result_id: id })).status).toBe(202);
    expect((await call('GET', `/groups/${id}/history`)).status).toBe(404);
    const since = running.sandbox.controls.calls().calls.slice(callsBefore);
    expect(since.filter(({ path }) => path.includes(id))).toEqual([]);
    expect(await track(id)).toEqual({ accepted: [id], known: [] });
    await fetched(id, 2);
    expect((await running.list(`result_id=${id}&snapshot_version=1`)).status).toBe(404);
  });
});

describe('a redacted group', () => {
  it('returns what happened when, and no personal data', async () => {
    const id = hold(undefined, 'IN_PROGRESS');
    await track(id);
    await fetched(id);
    hold(id, 'COMPLETED');
    await call('POST', `/groups/${id}/refresh`);
    await fetched(id, 2);
    expect((await call('POST', `/groups/${id}/redact`)).status).toBe(202);
    for (const query of ['', '&snapshot_version=1']) {
      const text = await (await running.list(`result_id=${id}${query}`)).text();
      expect(text).toContain('"output":null,"credit_used":1.50');
    }
    expect(await (await call('GET', `/groups/${id}/diff?from=1&to=2`)).text()).toContain('"path":"/status"');
    const { items } = History.parse(await (await call('GET', `/groups/${id}/history`)).json());
    expect(items.map(({ version }) => version)).toEqual([2, 1]);
    hold(id, 'FAILED', '9.75');
    const fresh = await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' });
    expect(await fresh.text()).not.toMatch(/Siti|9\.75/);
    expect(await groupOf(id)).toMatchObject({ redacted: true });
  });
});
