import { describe, expect, it, vi } from 'vitest';
import { routeKey } from '../../../../functions/route.ts';
import { routes } from '../../../../functions/routes.ts';
import { api, endpoint } from '../../../../functions/runtime/api.ts';
import { ApiError } from '../../../../functions/runtime/rest/api-error.ts';
import { httpEvent, lambdaContext } from '../../../fakes/http-event.ts';
import { printedLines } from '../../../fakes/printed.ts';

const lines = printedLines();

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const { listGroups, getGroup, trackGroups, health } = routes;
const OWN = { 'content-type': 'application/json', 'cache-control': 'private, no-cache', 'x-request-id': 'the-request' };
const names = (name: string) => async () => ({ status: 200, body: `"${name}"` });
const handler = api([endpoint(listGroups, names('list')), endpoint(getGroup, names('get'))], 'cognito:groups');

const machine = (role: string) => ({ sub: 'm1', client_id: 'm1', scope: `anycheck-snapshots/${role}` });
const eventOf = (route: Parameters<typeof routeKey>[0], role = 'viewer', body?: string) =>
  httpEvent(
    { routeKey: routeKey(route), pathParameters: { result_id: ID }, ...(body !== undefined && { body }) },
    machine(role),
  );
const audited = (outcome: number) => expect.objectContaining({ audit: expect.any(String), who: 'm1', outcome });

describe('a function of several routes', () => {
  it('answers each by its own handler', async () => {
    expect(await handler(eventOf(listGroups), lambdaContext())).toMatchObject({ statusCode: 200, body: '"list"' });
    expect(await handler(eventOf(getGroup), lambdaContext())).toMatchObject({ statusCode: 200, body: '"get"' });
    expect(lines).toEqual([audited(200), audited(200)]);
  });

  it('fails where it is sent another: in the shape of every error, and with a line in the log', async () => {
    const answer = await handler(eventOf(health), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 500, headers: OWN });
    expect(lines).toMatchObject([{ event: 'request.failed', request: 'the-request' }]);
  });
});

describe('HEAD', () => {
  const headOf = (route: typeof getGroup | typeof health, role?: string) => {
    const event = { ...eventOf(route, role), routeKey: routeKey({ method: 'HEAD', path: route.path }) };
    event.requestContext.http.method = 'HEAD';
    return event;
  };

  it('is answered by the handler of GET, with its headers and without its body, and leaves one audit line', async () => {
    const answer = await handler(headOf(getGroup), lambdaContext());
    expect(answer).toEqual({ statusCode: 200, headers: { ...OWN, 'content-length': '5' } });
    expect(lines).toEqual([expect.objectContaining({ audit: 'HEAD /groups/{result_id}', who: 'm1', outcome: 200 })]);
  });

  it('requires the role of GET', async () => {
    const answer = await handler(headOf(getGroup, 'no-role'), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 403, headers: OWN });
    expect(answer).not.toHaveProperty('body');
    expect(lines).toEqual([audited(403)]);
  });

  it('of a route that answers no GET is no route', async () => {
    const handle = api([endpoint(trackGroups, names('track')), endpoint(getGroup, names('get'))], 'cognito:groups');
    const event = { ...eventOf(trackGroups), routeKey: 'HEAD /groups' };
    expect(await handle(event, lambdaContext())).toMatchObject({ statusCode: 500 });
  });
});

describe('what is around the handler of a route', () => {
  it('refuses a caller without the role, in the shape of every error, and leaves an audit line of it', async () => {
    const answer = await handler(eventOf(getGroup, 'no-role'), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 403, headers: OWN });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ error_code: 'FORBIDDEN' });
    expect(lines).toEqual([audited(403)]);
  });

  it.each([
    ['that is not JSON', '{'],
    ['that is not as the route takes it', '{"result_ids":1}'],
  ])('refuses a body %s with 400, and leaves an audit line of it', async (_, body) => {
    const answer = vi.fn(names('never'));
    const handle = api([endpoint(trackGroups, answer)], 'cognito:groups');
    expect(await handle(eventOf(trackGroups, 'operator', body), lambdaContext())).toMatchObject({ statusCode: 400 });
    expect(answer).not.toHaveBeenCalled();
    expect(lines).toEqual([audited(400)]);
  });

  it('logs a failure after its audit line, each once', async () => {
    const failing = api([endpoint(getGroup, () => Promise.reject(new Error('BUDI')))], 'cognito:groups');
    expect(await failing(eventOf(getGroup), lambdaContext())).toMatchObject({ statusCode: 500, headers: OWN });
    expect(lines).toEqual([audited(500), expect.objectContaining({ event: 'request.failed', request: 'the-request' })]);
    expect(JSON.stringify(lines)).not.toContain('BUDI');
  });

  it('requires no role on a public route, and leaves no audit line', async () => {
    const open = api([endpoint(health, async ({ caller }) => ({ status: 200, body: JSON.stringify(caller) }))]);
    expect(await open(httpEvent(), lambdaContext())).toEqual({
      statusCode: 200,
      headers: OWN,
      body: '{"who":""}',
      isBase64Encoded: false,
    });
    expect(lines).toEqual([]);
  });

  it('reports what the function counts once for each call, before its audit line', async () => {
    const report = vi.fn(() => expect(lines).toEqual([]));
    const refusing = () => Promise.reject(new ApiError(404, 'NOT_FOUND', 'None.'));
    await api([endpoint(getGroup, refusing)], 'cognito:groups', report)(eventOf(getGroup), lambdaContext());
    expect(report).toHaveBeenCalledTimes(1);
    expect(lines).toEqual([audited(404)]);
  });
});
