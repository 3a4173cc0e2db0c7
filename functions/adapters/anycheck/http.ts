import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as z from 'zod/mini';
import type { Announced, UpstreamAnswer } from '../../domain/upstream/answer.ts';
import { UpstreamError } from '../../domain/upstream/errors.ts';

/** The timeout of connecting, and of a whole request with its body. */
const CONNECT_TIMEOUT_MS = 3_000;
const TIMEOUT_MS = 15_000;
/** The largest body that fits into a function's memory together with the data that is parsed from it. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

const ErrorBody = z.object({ error_code: z.string() });

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
 * @throws UpstreamError UNAVAILABLE, TIMED_OUT, TOO_LARGE, MALFORMED (not UTF-8).
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
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
        { abortSignal: signal },
      );
      const bytes = await bytesOf(response.body, response.headers['content-length']);
      const announced = announcedBy(response.headers);
      if (response.statusCode === 200) return { ok: true, body: decode(bytes), announced };
      return {
        ok: false,
        status: response.statusCode,
        code: codeOf(bytes),
        retryAfter: retryAfterOf(response.headers),
        announced,
      };
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      if (signal.aborted) throw new UpstreamError('TIMED_OUT', 'AnyCheck did not answer in time', { cause: error });
      throw new UpstreamError('UNAVAILABLE', 'AnyCheck could not be reached', { cause: error });
    }
  };
}

/** @returns the whole body. @throws UpstreamError TOO_LARGE; an Error if the body ends before its announced length. */
async function bytesOf(body: AsyncIterable<Uint8Array>, announced: string | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > MAX_BODY_BYTES) throw new UpstreamError('TOO_LARGE', "AnyCheck's answer is larger than 32 MB");
    chunks.push(chunk);
  }
  if (announced !== undefined && Number(announced) > length)
    throw new Error('the body ended before its announced length');
  return Buffer.concat(chunks, length);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UpstreamError('MALFORMED', "AnyCheck's answer is not UTF-8");
  }
}

function codeOf(bytes: Buffer): string | undefined {
  try {
    return ErrorBody.parse(JSON.parse(bytes.toString())).error_code;
  } catch {
    return undefined;
  }
}

type Headers = Readonly<Record<string, string | undefined>>;

/** The largest difference between AnyCheck's `Date` and our clock that is ignored. */
const IGNORED_SKEW_MS = 5_000;

/** @returns ms by which AnyCheck's clock is ahead of ours; 0 if the difference is small enough to be ignored. */
function skewOf(headers: Headers): number {
  const ahead = Date.parse(headers.date ?? '') - Date.now();
  return Math.abs(ahead) > IGNORED_SKEW_MS ? ahead : 0;
}

function announcedBy(headers: Headers): Announced | undefined {
  const number = (name: string) => {
    const value = headers[`x-ratelimit-${name}`] ?? '';
    return /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
  };
  const announced = {
    limit: number('limit'),
    remaining: number('remaining'),
    reset: Math.round(number('reset') - skewOf(headers) / 1000),
  };
  return Object.values(announced).every((value) => !Number.isNaN(value)) ? announced : undefined;
}

/** A longer `Retry-After` counts as a mistake of AnyCheck, and is shortened to this. */
const MAX_RETRY_AFTER_SECONDS = 3600;

/** @returns seconds, from a `Retry-After` in either of its forms (RFC 9110, 10.2.3). */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const until = Date.parse(value) - skewOf(headers);
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((until - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(0, seconds));
}
