import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as z from 'zod/mini';
import type { UpstreamAnswer } from '../../domain/upstream/answer.ts';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import { ACCEPTED_CODINGS, decoded, tooLarge } from './content-coding.ts';
import { announcedBy, retryAfterOf } from './waiting.ts';

/** The timeout of connecting, and of a whole request with its body. */
const CONNECT_TIMEOUT_MS = 3_000;
const TIMEOUT_MS = 15_000;
/** The largest body that fits into a function's memory together with the data that is parsed from it. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** The largest body of an error answer that is read for its code. */
const MAX_ERROR_BYTES = 64 * 1024;

/** AnyCheck's errors. A proxy's error has another shape. */
const ErrorBody = z.object({ error_code: z.string().check(z.minLength(1)) });

interface Request {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export type Http = (path: string, request: Request) => Promise<UpstreamAnswer>;

/**
 * Sends requests to AnyCheck with the HTTP client of the AWS SDK. That client limits the time to connect, and is in
 * every bundle anyway. It follows no redirect: a redirect would send the credentials to another host.
 * @throws UpstreamError UNAVAILABLE, TIMED_OUT, TOO_LARGE, MALFORMED (not UTF-8, or in an unknown coding).
 */
export function anycheckHttp(baseUrl: string): Http {
  const { protocol, hostname, port, pathname } = new URL(baseUrl);
  const handler = new NodeHttpHandler({ connectionTimeout: CONNECT_TIMEOUT_MS });

  return async (path, { method, headers, query, body, signal: caller }) => {
    const signal = AbortSignal.any([caller, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const { response } = await handler.handle(
        new HttpRequest({
          protocol,
          hostname,
          method,
          path: `${pathname.replace(/\/$/, '')}${path}`,
          ...(port !== '' && { port: Number(port) }),
          ...(query && { query: { ...query } }),
          headers: {
            host: port === '' ? hostname : `${hostname}:${port}`,
            accept: 'application/json',
            'accept-encoding': ACCEPTED_CODINGS,
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
        { abortSignal: signal },
      );
      const { statusCode: status } = response;
      // A list is a 200. Issued tokens may be a 201, too.
      const isExpected = status === 200 || (method === 'POST' && status === 201);
      const bytes = await bodyOf(response, isExpected);
      const at = Date.now();
      const announced = announcedBy(response.headers, at);
      if (isExpected && bytes) return { ok: true, body: textOf(bytes), announced };
      return { ok: false, status, code: codeOf(bytes), retryAfter: retryAfterOf(response.headers, at), announced };
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      if (signal.aborted) throw new UpstreamError('TIMED_OUT', 'AnyCheck did not answer in time', { cause: error });
      throw new UpstreamError('UNAVAILABLE', 'AnyCheck could not be reached', { cause: error });
    }
  };
}

/**
 * Reads what a status needs of a body. The body of an error is optional: without it, the status decides.
 * @returns the bytes without their content coding; undefined where an error's body is not usable.
 * @throws UpstreamError TOO_LARGE, MALFORMED; an Error if the body ends before its announced length.
 */
async function bodyOf({ headers, body }: Response, isExpected: boolean): Promise<Buffer | undefined> {
  const limit = isExpected ? MAX_BODY_BYTES : MAX_ERROR_BYTES;
  const read = async () =>
    decoded(await bytesOf(body, headers['content-length'], limit), headers['content-encoding'], limit);
  return isExpected ? read() : read().catch(() => undefined);
}

type Response = Readonly<Awaited<ReturnType<NodeHttpHandler['handle']>>['response']>;

/** @returns the whole body. @throws UpstreamError TOO_LARGE; an Error if the body ends before its announced length. */
async function bytesOf(body: AsyncIterable<Uint8Array>, announced: string | undefined, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > limit) throw tooLarge();
    chunks.push(chunk);
  }
  if (announced !== undefined && Number(announced) > length)
    throw new Error('the body ended before its announced length');
  return Buffer.concat(chunks, length);
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UpstreamError('MALFORMED', "AnyCheck's answer is not UTF-8");
  }
}

function codeOf(bytes: Buffer | undefined): string | undefined {
  try {
    return ErrorBody.parse(JSON.parse(String(bytes))).error_code;
  } catch {
    return undefined;
  }
}
