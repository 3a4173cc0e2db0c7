import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../lib/sandbox/server.ts';

export const KTP = '11111111-1111-4111-8111-111111111111';
export const BANK_STATEMENT = '33333333-3333-4333-8333-333333333333';
export const LAND_CERTIFICATE = '44444444-4444-4444-8444-444444444444';
export const SLIK = '66666666-6666-4666-8666-666666666666';
export const BATCH = '77777777-7777-4777-8777-777777777777';
export const EMPTY = '99999999-9999-4999-8999-999999999999';
export const UNKNOWN = 'abcdefab-cdef-4abc-8def-abcdefabcdef';

const listSchema = z.object({
  total: z.number(),
  overall_status: z.string(),
  items: z.array(z.looseObject({ id: z.string(), status: z.string() })),
});
const errorSchema = z.object({
  error_code: z.string(),
  message: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
const tokensSchema = z.object({ access_token: z.string(), refresh_token: z.string() });
export type Tokens = z.infer<typeof tokensSchema>;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** A sandbox that ends with the test. */
export async function runningSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A clock that stands still until it is moved. */
export function handClock(start = Date.parse('2026-11-23T08:00:00Z')): {
  now: () => number;
  forward(seconds: number): void;
} {
  let time = start;
  return {
    now: () => time,
    forward(seconds) {
      time += seconds * 1000;
    },
  };
}

/** One call as it is, without credentials of its own. A text body goes as it is, another one as JSON. */
export async function send(
  { url }: Sandbox,
  method: string,
  path: string,
  {
    body,
    headers = {},
    timeoutMs = 10_000,
  }: { body?: unknown; headers?: Record<string, string>; timeoutMs?: number } = {},
): Promise<Answer> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, { method, headers, ...sent, signal: AbortSignal.timeout(timeoutMs) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The same with the API key. */
export function keyed(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  timeoutMs = 10_000,
): Promise<Answer> {
  return send(sandbox, method, path, { body, timeoutMs, headers: { 'x-api-key': sandbox.credentials.apiKey } });
}

export function rawList(sandbox: Sandbox, resultId: string, query = '', timeoutMs = 10_000): Promise<Answer> {
  return keyed(sandbox, 'GET', `/verifications?result_id=${resultId}${query}`, undefined, timeoutMs);
}

export async function list(sandbox: Sandbox, resultId: string, query = '') {
  return listSchema.parse(JSON.parse((await rawList(sandbox, resultId, query)).text));
}

/** Status and error body of a refusal. */
export function refusal({ status, text }: Answer) {
  return { status, ...errorSchema.parse(JSON.parse(text)) };
}

export async function logIn(sandbox: Sandbox): Promise<Tokens> {
  const { email, password } = sandbox.credentials;
  return tokensOf(await send(sandbox, 'POST', '/auth/login', { body: { email, password } }));
}

export function tokensOf({ text }: Answer): Tokens {
  return tokensSchema.parse(JSON.parse(text));
}

export function bearer(sandbox: Sandbox, token: string): Promise<Answer> {
  return send(sandbox, 'GET', `/verifications?result_id=${KTP}`, { headers: { authorization: `Bearer ${token}` } });
}
