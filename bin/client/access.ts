import * as z from 'zod';
import { misused } from './stop.ts';

const text = z.string().min(1).optional();
const Variables = z.object({
  API_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  API_KEY: text,
  TOKEN: text,
  EMAIL: text,
  PASSWORD: text,
});

/** How a program authenticates: an API key, an access token, or a user who logs in. */
type Credentials =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'login'; readonly email: string; readonly password: string };

/** The API of a deployment, and how to authenticate. */
export interface Access {
  /** Without a trailing slash. */
  readonly url: string;
  readonly credentials: Credentials;
}

/**
 * Reads `API_URL`, and the first of `API_KEY`, `TOKEN`, and `EMAIL` with `PASSWORD` that is set. An empty variable counts
 * as unset.
 * @throws Stop with a sentence that names the missing variable. It quotes no value.
 */
export function accessFrom(env: Readonly<Record<string, string | undefined>>): Access {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data } = Variables.safeParse(set);
  if (data === undefined) {
    return misused('API_URL must be the address of the API, such as http://127.0.0.1:3000 or the stack output ApiUrl.');
  }
  const { API_URL: url, API_KEY: key, TOKEN: token, EMAIL: email, PASSWORD: password } = data;
  if (key !== undefined) return { url, credentials: { kind: 'key', key } };
  if (token !== undefined) return { url, credentials: { kind: 'token', token } };
  if (email !== undefined && password !== undefined) return { url, credentials: { kind: 'login', email, password } };
  return misused('Set API_KEY, TOKEN, or EMAIL and PASSWORD in the environment. No secret can be an argument.');
}
