import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Client, createClient } from '../../../../../../functions/console/page/api/client.ts';
import { createSession } from '../../../../../../functions/console/page/session/session.ts';

const ID = '0d5b9f5e-4a51-4f0b-9f0e-000000000001';
const REFUSED = JSON.stringify({ error_code: 'QUOTA_EXCEEDED', message: 'Too many reads' });

interface Sent {
  readonly address: string;
  readonly init: RequestInit;
}

/** A client whose calls receive the given answers in their order. */
function clientWith(answers: readonly (Response | Error)[], token: string | null = 'token') {
  const sent: Sent[] = [];
  const refused: string[] = [];
  const client = createClient({
    fetch: async (address, init = {}) => {
      sent.push({ address: String(address), init });
      const answer = answers[sent.length - 1];
      if (answer instanceof Response) return answer;
      throw answer ?? new TypeError('fetch failed');
    },
    token: async () => token ?? undefined,
    onUnauthorized: (one) => refused.push(one),
  });
  return { client, sent, refused };
}

const group = { parameters: { result_id: ID } };
const headersOf = ({ init }: Sent) => new Headers(init.headers);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a call of the API', () => {
  it('escapes parameters and query, and carries the token in the header alone', async () => {
    const { client, sent } = clientWith([Response.json({ items: [] })]);
    await client.call('GET /groups', { query: { overall_status: 'A&B', limit: '5' } });
    expect(sent.map(({ address }) => address)).toEqual(['/groups?overall_status=A%26B&limit=5']);
    expect(sent.map((one) => headersOf(one).get('authorization'))).toEqual(['Bearer token']);
  });

  it('sends its own Cache-Control with an ETag, since the browser would add no-cache', async () => {
    const { client, sent } = clientWith([new Response(null, { status: 304 })]);
    const answer = await client.call('GET /groups/{result_id}', group, { etag: 'W/"1"' });
    expect(answer.status).toBe(304);
    expect(sent.map((one) => headersOf(one).get('if-none-match'))).toEqual(['W/"1"']);
    expect(sent.map((one) => headersOf(one).get('cache-control'))).toEqual(['max-stale']);
    expect(sent.map(({ init }) => init.cache)).toEqual(['no-store']);
  });

  it('keeps the text of the answer, with digits that a number would lose', async () => {
    const text = '{"total":12345678901234567890.10,"items":[]}';
    const { client } = clientWith([new Response(text)]);
    expect((await client.call('GET /verifications', { query: { result_id: ID } })).text).toBe(text);
  });

  it('repeats a throttled GET after Retry-After', async () => {
    const throttled = () => new Response(REFUSED, { status: 429, headers: { 'retry-after': '3' } });
    const { client, sent } = clientWith([throttled(), throttled(), Response.json({ result_id: ID })]);
    const answer = client.call('GET /groups/{result_id}', group);
    await vi.advanceTimersByTimeAsync(5_999);
    expect(sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect((await answer).body.result_id).toBe(ID);
    expect(sent).toHaveLength(3);
  });

  it('shows a wait that is too long, and the id of the request, instead of waiting', async () => {
    const headers = { 'retry-after': '120', 'x-request-id': 'request-1' };
    const { client } = clientWith([new Response(REFUSED, { status: 429, headers })]);
    await expect(client.call('GET /groups/{result_id}', group)).rejects.toMatchObject({
      message: 'Too many reads.',
      details: { status: 429, code: 'QUOTA_EXCEEDED', requestId: 'request-1', retryAfterSeconds: 120 },
    });
  });

  it('never repeats a POST by itself', async () => {
    const { client, sent } = clientWith([new Response(REFUSED, { status: 503, headers: { 'retry-after': '1' } })]);
    await expect(client.call('POST /groups/{result_id}/refresh', group)).rejects.toMatchObject({
      details: { status: 503 },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(1);
  });

  it('reports a refused token, and does not show the gateway’s words', async () => {
    const { client, refused } = clientWith([Response.json({ message: 'Unauthorized' }, { status: 401 })]);
    await expect(client.call('GET /groups', {})).rejects.toMatchObject({ details: { code: 'SIGNED_OUT' } });
    expect(refused).toEqual(['token']);
  });

  it('shows a wrong password as the service describes it, without ending a session', async () => {
    const body = { error_code: 'INVALID_CREDENTIALS', message: 'The email or the password is wrong.' };
    const { client, refused } = clientWith([Response.json(body, { status: 401 })]);
    const call = client.call('POST /auth/login', { body: { email: 'a@example.com', password: 'wrong' } });
    await expect(call).rejects.toMatchObject({ message: body.message, details: { status: 401 } });
    expect(refused).toEqual([]);
  });

  it('says that the service cannot be reached where no answer comes', async () => {
    const { client } = clientWith([]);
    await expect(client.call('GET /groups', {})).rejects.toMatchObject({ details: { code: 'UNREACHABLE' } });
  });

  it('sends nothing without a token', async () => {
    const { client, sent } = clientWith([Response.json({ items: [] })], null);
    await expect(client.call('GET /groups', {})).rejects.toMatchObject({ details: { code: 'SIGNED_OUT' } });
    expect(sent).toHaveLength(0);
  });

  it('runs at most 5 calls at once', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let running = 0;
    const client = createClient({
      fetch: async () => {
        running++;
        await promise;
        return Response.json({ items: [] });
      },
      token: async () => 'token',
      onUnauthorized: () => undefined,
    });
    const calls = Array.from({ length: 8 }, () => client.call('GET /groups', {}));
    await vi.advanceTimersByTimeAsync(0);
    expect(running).toBe(5);
    resolve();
    await Promise.all(calls);
    expect(running).toBe(8);
  });

  it('refreshes a token that is about to end while calls wait for their turn', async () => {
    const answers = Promise.withResolvers<void>();
    const sent: string[] = [];
    const stored = new Map<string, string>();
    const session = createSession({
      storage: {
        getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => void stored.set(key, value),
        removeItem: (key) => void stored.delete(key),
      },
      now: Date.now,
      async refresh(token) {
        const { body } = await client.call('POST /auth/refresh', { body: { refresh_token: token } });
        return { accessToken: body.access_token };
      },
    });
    const client: Client = createClient({
      fetch: async (address, { headers } = {}) => {
        sent.push(`${address} ${new Headers(headers).get('authorization')}`);
        await answers.promise;
        return Response.json(address === '/auth/refresh' ? { access_token: 'second' } : { items: [] });
      },
      token: session.token,
      onUnauthorized: session.end,
    });
    session.begin({ accessToken: 'first', refreshToken: 'refresh', endsAt: Date.now() + 90_000 });
    const calls = Promise.all(Array.from({ length: 30 }, () => client.call('GET /groups', {})));
    await vi.advanceTimersByTimeAsync(30_001);
    expect(sent).toEqual(Array.from({ length: 5 }, () => '/groups Bearer first'));
    answers.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.slice(5)).toEqual(['/auth/refresh null', ...Array.from({ length: 25 }, () => '/groups Bearer second')]);
    await calls;
  });
});
