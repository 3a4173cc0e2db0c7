import * as z from 'zod';
import { openapiDocument } from '../../../functions/docs/routes.ts';
import { Failure } from '../../../functions/route.ts';
import type { LocalStack } from '../../../lib/local/main.ts';
import { describedBy } from './described.ts';
import { USER } from './options.ts';

/** Calls of a running service. Every response is checked against the service's own description. */
export interface Calls {
  readonly token: string;
  /** `GET /verifications` of a group, with a good token unless the headers say otherwise. */
  list(query: string, headers?: Record<string, string>): Promise<Response>;
  call(path: string, init?: RequestInit): Promise<Response>;
  /** A webhook's delivery, with a good token. A string or bytes are sent as they are. */
  deliver(body: unknown, headers?: Record<string, string>): Promise<Response>;
}

type Place = Pick<LocalStack, 'url' | 'webhookUrl'>;

/** @param place where the service is now: a restart moves it. */
export async function callsOf(place: () => Place): Promise<Calls> {
  const callDescribed = await described(place());
  const call: Calls['call'] = (path, init) => callDescribed(`${place().url}${path}`, init);
  const { access_token: token } = await login(call);
  return {
    token,
    call,
    list: (query, headers) =>
      call(`/verifications?${query}`, { headers: { authorization: `Bearer ${token}`, ...headers } }),
    deliver: (body, headers) =>
      callDescribed(place().webhookUrl ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body:
          typeof body === 'string' || body instanceof Uint8Array
            ? new Uint8Array(Buffer.from(body))
            : JSON.stringify(body),
      }),
  };
}

/** `fetch` from a service whose answers are all as it describes them itself. @throws an Error at one that isn't. */
export async function described({
  url,
}: Pick<Place, 'url'>): Promise<(url: string, init?: RequestInit) => Promise<Response>> {
  const check = describedBy(await (await fetch(`${url}${openapiDocument.path}`)).json());
  return async (to, init) => {
    const response = await fetch(to, init);
    await check(init?.method ?? 'GET', decodeURIComponent(new URL(to).pathname), response);
    return response;
  };
}

/** The body of an error in AnyCheck's shape. */
export const failureOf = async (response: Response): Promise<z.infer<typeof Failure>> =>
  Failure.parse(await response.json());

export const Tokens = z.strictObject({ access_token: z.string(), refresh_token: z.string() });

export async function login(call: Calls['call'], credentials = USER): Promise<z.infer<typeof Tokens>> {
  return Tokens.parse(await (await post(call, '/auth/login', credentials)).json());
}

export const post = (call: Calls['call'], path: string, body: unknown): Promise<Response> =>
  call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Asks again and again until `is` holds of the answer. */
export async function eventually<T>(
  call: () => Promise<T>,
  is: (answer: T) => boolean,
  deadlineMs = 25_000,
): Promise<T> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const answer = await call();
    if (is(answer)) return answer;
    if (Date.now() > until) throw new Error(`it never came to that; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
