import createClient, { type Client as TypedClient } from 'openapi-fetch';
import * as z from 'zod';
import type { Access } from './access.ts';
import type { paths } from './api.d.ts';
import { type Answer, attempt, sentenceOf } from './attempt.ts';
import { misused } from './stop.ts';
import { type WaitOptions, waits } from './waits.ts';

const LoginAnswer = z.object({ access_token: z.string() });

/** Typed calls of a deployment, which are sent again until the service answers them. */
export interface Client extends Pick<TypedClient<paths>, 'GET' | 'POST'> {
  /** How many attempts have ended without showing whether the service executed them. */
  doubts(): number;
  /** The time of the service at its last answer, ms since the epoch, in whole seconds. */
  serverTime(): number;
}

/**
 * Connects to a deployment. A call is sent again after a network fault, a 5xx and a 429: after the answer's
 * `Retry-After`, or else with backoff. So only calls that are safe to repeat may use it. With an API key, calls go to the
 * routes below `/key`. A user logs in again when the token ends.
 * A call throws a Stop where it would wait too long, or where the service refuses the credentials.
 */
export function connect({ url, credentials }: Access, options: WaitOptions): Client {
  let doubts = 0;
  let serverTime: number | undefined;
  let token: string | undefined;

  /** @param request makes the request of each attempt. */
  async function send(request: () => Promise<Request>): Promise<Answer> {
    const wait = waits(options, serverTime !== undefined);
    for (;;) {
      const outcome = await attempt(await request(), options.now);
      if ('response' in outcome) {
        serverTime = outcome.serverTime;
        return outcome;
      }
      if (outcome.isDoubtful) doubts++;
      await wait(outcome);
    }
  }

  async function login(email: string, password: string): Promise<string> {
    const body = JSON.stringify({ email, password });
    const headers = { 'content-type': 'application/json' };
    const answer = await send(async () => new Request(`${url}/auth/login`, { method: 'POST', headers, body }));
    const { access_token: given } = answer.response.ok ? LoginAnswer.parse(await answer.response.json()) : {};
    return given ?? misused(await sentenceOf(answer));
  }

  async function authenticated(original: Request): Promise<Request> {
    const request = original.clone();
    if (credentials.kind === 'key') {
      request.headers.set('x-api-key', credentials.key);
      return request;
    }
    if (credentials.kind === 'login') token ??= await login(credentials.email, credentials.password);
    request.headers.set('authorization', `Bearer ${credentials.kind === 'token' ? credentials.token : token}`);
    return request;
  }

  async function call(request: Request): Promise<Response> {
    let answer = await send(() => authenticated(request));
    if (answer.response.status === 401 && credentials.kind === 'login') {
      token = undefined;
      answer = await send(() => authenticated(request));
    }
    if (answer.response.ok || answer.response.status === 404) return answer.response;
    return misused(await sentenceOf(answer));
  }

  const { GET, POST } = createClient<paths>({ baseUrl: credentials.kind === 'key' ? `${url}/key` : url, fetch: call });
  return { GET, POST, doubts: () => doubts, serverTime: () => serverTime ?? options.now() };
}

/**
 * The body of a successful answer.
 * @throws Stop for a 404.
 */
export const dataOf = <T>({ data, response }: { readonly data?: T; readonly response: Response }): NonNullable<T> =>
  data ?? misused(`${response.url || 'The call'} answered ${response.status}. Is API_URL the address of the API?`);
