import type { ServerResponse } from 'node:http';
import * as z from 'zod';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An error of the gateway itself. AWS does not let an API change its body. */
export function gatewayError(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

export const internalServerError = () => gatewayError(500, 'Internal Server Error');

/** The part of response format 2.0 that the app's functions use: always a status code, no cookies. */
const Result = z.strictObject({
  statusCode: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/** Headers that the server sets itself, or that belong to one connection. */
const NOT_FORWARDED = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Converts a function's result to an HTTP reply; a malformed result becomes a 500. Only to HEAD, a function says how long
 * the body would be.
 */
export function replyOf(payload: string, isHead: boolean): Reply {
  const parsed = Result.safeParse(JSON.parse(payload));
  if (!parsed.success) return internalServerError();
  const { statusCode, headers, body, isBase64Encoded } = parsed.data;
  const empty = statusCode === 204 || statusCode === 304;
  const out: Record<string, string> = empty ? {} : { 'content-type': 'text/plain;charset=UTF-8' };
  for (const [name, value] of Object.entries(headers)) {
    const key = name.toLowerCase();
    if (!NOT_FORWARDED.has(key) || (isHead && key === 'content-length')) out[key] = value;
  }
  return {
    status: statusCode,
    headers: out,
    body: empty ? Buffer.alloc(0) : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

export function send(response: ServerResponse, reply: Reply, requestId: string): void {
  if (response.destroyed) return;
  response.statusCode = reply.status;
  response.setHeader('apigw-requestid', requestId);
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  const isEmpty = reply.status === 204 || reply.status === 304;
  if (!isEmpty && !response.hasHeader('content-length')) response.setHeader('content-length', reply.body.length);
  response.end(reply.body);
}
