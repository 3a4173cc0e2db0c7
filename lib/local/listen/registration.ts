import * as z from 'zod';
import { LocalFault } from '../fault.ts';
import type { Access } from './access.ts';

/** Paths of the app's routes. */
export interface ListenPaths {
  readonly login: string;
  readonly endpoints: string;
}

/** A registered webhook endpoint. */
export interface Registration {
  readonly id: string;
  readonly secret: string;
  /** @throws LocalFault where the service refuses it, or does not answer. */
  remove(): Promise<void>;
}

/** By it, a listener recognizes the endpoints of earlier ones. */
const DESCRIPTION = 'npm run listen';
const CALL_MS = 10_000;
/** A receiver of this machine answers at once. */
const PROBE_MS = 1_000;

const Login = z.object({ access_token: z.string() });
const Created = z.object({ id: z.string(), secret: z.string() });
const Listed = z.object({ items: z.array(z.object({ id: z.string(), url: z.url(), description: z.string() })) });

/**
 * Registers a webhook endpoint, after the ones are removed that earlier listeners left behind because they were killed.
 * @param token of an admin; undefined: the local user logs in.
 * @throws LocalFault where the login or the service refuses it.
 */
export async function register(
  access: Access,
  paths: ListenPaths,
  url: string,
  token: string | undefined,
): Promise<Registration> {
  // A login per call: the token of the first one can expire before the last one.
  const call = async (method: string, path: string, body?: object) =>
    answered(`${access.url}${path}`, method, body, token ?? (await login(access, paths.login)));
  const remove = (id: string) => call('DELETE', `${paths.endpoints}/${id}`);
  const { items } = Listed.parse(await call('GET', paths.endpoints));
  const leftovers = items.filter(({ description }) => description === DESCRIPTION);
  // One that stays does no harm, and another listener may remove it at the same time.
  for (const one of leftovers) if (!(await isRunning(one.url))) await remove(one.id).catch(() => {});
  const created = Created.parse(await call('POST', paths.endpoints, { url, description: DESCRIPTION }));
  return { ...created, remove: async () => void (await remove(created.id)) };
}

async function login({ url, user }: Access, path: string): Promise<string> {
  if (user === undefined) {
    throw new LocalFault('Another issuer gives out the tokens of this run: set LISTEN_TOKEN to the token of an admin.');
  }
  return Login.parse(await answered(`${url}${path}`, 'POST', user)).access_token;
}

/** Returns the parsed body, undefined where there is none. */
async function answered(url: string, method: string, body?: object, token?: string): Promise<unknown> {
  const { pathname } = new URL(url);
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(CALL_MS),
  }).catch((cause: unknown) => {
    throw new LocalFault(`${method} ${pathname} has no answer. Does the local run still start, or end?`, { cause });
  });
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  if (response.status === 403) {
    throw new LocalFault(
      'This login may not register webhook endpoints, which needs the role admin: start the run with LOCAL_ROLE=admin, ' +
        'or set LISTEN_TOKEN to the token of an admin.',
    );
  }
  throw new LocalFault(`${method} ${pathname} answered ${response.status}: ${text}`);
}

/** Whether the receiver of an endpoint still runs. */
async function isRunning(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) }).catch(() => undefined);
  return response?.status === 204;
}
