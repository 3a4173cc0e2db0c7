import type { ServerResponse } from 'node:http';
import * as z from 'zod';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** The gateway's own answers: AWS lets nobody change their form. */
export function gatewayError(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

export const internalServerError = () => gatewayError(500, 'Internal Server Error');

const Structured = z.object({
  statusCode: z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{3}$/)
        .transform(Number),
    ])
    .refine((code) => code >= 200 && code < 600),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullish()).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** What the server sets itself, and what belongs to one connection. */
const NOT_FORWARDED = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * A function's result in response format 2.0: with a `statusCode` as it says, without one a 200 whose body is the result.
 * A malformed result is a 500.
 */
export function replyOf(payload: string): Reply {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = Buffer.from(typeof result === 'string' ? result : payload);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const parsed = Structured.safeParse(result);
  if (!parsed.success) return internalServerError();
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const empty = statusCode === 204 || statusCode === 304;
  const out: Record<string, string | string[]> = empty ? {} : { 'content-type': 'text/plain;charset=UTF-8' };
  for (const [name, value] of Object.entries(headers ?? {})) {
    const key = name.toLowerCase();
    if (value !== null && value !== undefined && !NOT_FORWARDED.has(key)) out[key] = String(value);
  }
  if (cookies?.length) out['set-cookie'] = cookies;
  return {
    status: statusCode,
    headers: out,
    body: empty ? Buffer.alloc(0) : Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

export function send(response: ServerResponse, reply: Reply, requestId: string): void {
  if (response.destroyed) return;
  response.statusCode = reply.status;
  response.setHeader('apigw-requestid', requestId);
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  if (reply.status !== 204 && reply.status !== 304) response.setHeader('content-length', reply.body.length);
  response.end(reply.body);
}
