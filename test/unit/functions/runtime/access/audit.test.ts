import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Route, routeKey } from '../../../../../functions/route.ts';
import { routes } from '../../../../../functions/routes.ts';
import { AuditLine } from '../../../../../functions/runtime/access/audit-line.ts';
import { api, endpoint } from '../../../../../functions/runtime/api.ts';
import { NO_KEYS } from '../../../../fakes/api-keys.ts';
import { CLAIMS } from '../../../../fakes/claims.ts';

const written: string[] = [];
beforeEach(() => {
  written.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const CONTEXT = { getRemainingTimeInMillis: () => 20_000 };
const guarded: Route[] = Object.values<Route>(routes).filter(({ access }) => access !== 'public');
const WHO = 'client-of-the-tests';

interface Call {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: string;
  readonly role?: string;
  readonly claims?: Readonly<Record<string, string>>;
}

/** A call of a route past the gateway, and the audit lines that it left. */
async function calls(route: Route, { path = {}, query = '', body, role = 'admin', claims }: Call, status = 200) {
  written.length = 0;
  // A machine: its role is in its scope.
  const own = { sub: WHO, client_id: WHO, scope: `anycheck-snapshots/${role}` };
  const handler = api([endpoint(route, async () => ({ status, body: '{}' }))], CLAIMS, { keys: NO_KEYS });
  const event = {
    version: '2.0',
    routeKey: routeKey(route),
    rawPath: route.path,
    rawQueryString: query,
    headers: {},
    pathParameters: path,
    requestContext: {
      requestId: randomUUID(),
      http: { method: route.method },
      authorizer: { jwt: { claims: claims ?? own, scopes: [] } },
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
  const answer: unknown = await Reflect.apply(handler, undefined, [event, CONTEXT]);
  const lines = written.filter((text) => text.includes('"audit"'));
  return { answer, event, lines };
}

const lineOf = (text = '') => AuditLine.parse(JSON.parse(text));
const id = () => randomUUID();

describe('an audit line', () => {
  it('is left by a call of every route that needs a role, whatever came of it: one, and of the form that is kept', async () => {
    for (const route of guarded) {
      for (const [role, status] of [
        ['admin', 200],
        ['admin', 404],
        ['none', 200],
      ] as const) {
        const named = id();
        const call = {
          path: { result_id: named },
          query: `result_id=${named}`,
          body: JSON.stringify({ result_ids: [named] }),
        };
        const { lines, event } = await calls(route, { ...call, role }, status);
        expect(lines).toHaveLength(1);
        const line = lineOf(lines[0]);
        expect(line).toMatchObject({ audit: routeKey(route), who: WHO, request: event.requestContext.requestId });
        if (role === 'none') expect(line.outcome).toBe(403);
      }
    }
  });

  it('names the groups that the call is about: of its path, of the query or body that its route reads', async () => {
    const [path, query, body] = [id(), id(), id()];
    const call = {
      path: { result_id: path },
      query: `result_id=${query}`,
      body: JSON.stringify({ result_ids: [body] }),
    };
    const groups = async (route: Route, from: Call) => lineOf((await calls(route, from)).lines[0]).groups;
    expect(await groups(routes.getGroup, call)).toEqual([path]);
    expect(await groups(routes.listVerifications, { query: call.query, body: call.body })).toEqual([query]);
    expect(await groups(routes.trackGroups, { query: call.query, body: call.body })).toEqual([body]);
    expect(await groups(routes.listGroups, { query: call.query, body: call.body })).toEqual([]);
  });

  it('names each group once, as it is stored, and as many as a call may track', async () => {
    const ids = Array.from({ length: 100 }, id);
    const track = async (result_ids: unknown[]) =>
      lineOf((await calls(routes.trackGroups, { body: JSON.stringify({ result_ids }) })).lines[0]);
    expect(await track(ids)).toMatchObject({ groups: ids, outcome: 200 });
    expect((await track(ids.slice(0, 2).flatMap((one) => [one, one.toUpperCase()]))).groups).toEqual(ids.slice(0, 2));
  });

  it('stays short, so that CloudWatch keeps it whole, also where a call names what it may not', async () => {
    const result_ids = Array.from({ length: 50_000 }, id);
    const claims = { sub: `BUDI ${'x'.repeat(8_000)}` };
    const { lines } = await calls(routes.trackGroups, { body: JSON.stringify({ result_ids }), claims });
    expect(lineOf(lines[0])).toMatchObject({ outcome: 403, groups: result_ids.slice(0, 100) });
    expect(lines[0]?.length).toBeLessThan(8_000);
  });

  /** What a call of one group leaves where it ends as `answer` does. */
  async function outcomes(answer: () => Promise<{ status: number }>, context: object, ends = true): Promise<number[]> {
    const event = {
      routeKey: routeKey(routes.getGroup),
      rawQueryString: '',
      headers: {},
      pathParameters: { result_id: id() },
      requestContext: {
        requestId: id(),
        http: { method: 'GET' },
        authorizer: { jwt: { claims: { sub: WHO, client_id: WHO, scope: 'anycheck-snapshots/viewer' } } },
      },
    };
    const handler = api([endpoint(routes.getGroup, answer)], CLAIMS, { keys: NO_KEYS });
    const call: Promise<unknown> = Reflect.apply(handler, undefined, [event, context]);
    await (ends ? call : vi.waitFor(() => expect(written).not.toEqual([])));
    return written.filter((text) => text.includes('"audit"')).map((line) => lineOf(line).outcome);
  }

  it('records a failure of the service as 500', async () => {
    expect(await outcomes(() => Promise.reject(new Error('BUDI')), CONTEXT)).toEqual([500]);
  });

  it('is left just before the function’s time is over, where nothing has come of the call by then', async () => {
    const began = Date.now();
    const left = { getRemainingTimeInMillis: () => 350 - (Date.now() - began) };
    expect(await outcomes(() => new Promise(() => {}), left, false)).toEqual([500]);
    expect(Date.now() - began).toBeLessThan(350);
  });

  it('never holds what a call says, but for UUIDs', async () => {
    /** What a caller may say in the place of an id, and of anything else. */
    const said = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('BUDI SANTOSO', `${id()}0`, ` ${id()}`, `${id()}\n`, '__proto__', '{"audit":"x"}'),
    );
    const value = fc.oneof(said, fc.uuid(), fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...guarded),
        fc.record({ path: said, query: fc.array(fc.tuple(said, said)), ids: fc.array(value), key: said, other: value }),
        fc.constantFrom('admin', 'viewer', 'none'),
        async (route, { path, query, ids, key, other }, role) => {
          const search = new URLSearchParams([['result_id', path], ...query]);
          const body = { [key]: other, result_ids: ids };
          const sent = { path: { result_id: path }, query: search.toString(), body: JSON.stringify(body), role };
          const { lines, event } = await calls(route, sent);
          expect(lines).toHaveLength(1);
          const { audit, at, who, outcome, request, groups, ...more } = lineOf(lines[0]);
          expect(more).toEqual({});
          expect(audit).toBe(routeKey(route));
          expect(at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/);
          expect([who, request]).toEqual([WHO, event.requestContext.requestId]);
          expect(outcome).toBeGreaterThanOrEqual(200);
          for (const group of groups) expect(group).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
          // Nor in other words: the line is these six and nothing around them.
          expect(lines[0]).toBe(`${JSON.stringify({ audit, at, who, groups, outcome, request })}\n`);
        },
      ),
    );
  });

  it('holds no text that is no id, wherever it is said', async () => {
    for (const route of guarded) {
      const call = {
        path: { result_id: 'BUDI' },
        query: 'result_id=BUDI&BUDI=BUDI&cursor=BUDI',
        body: '{"result_ids":["BUDI",{"BUDI":1}],"BUDI":"BUDI"}',
      };
      expect((await calls(route, call)).lines.join()).not.toContain('BUDI');
      expect((await calls(route, { ...call, body: 'BUDI' })).lines.join()).not.toContain('BUDI');
    }
  });
});
