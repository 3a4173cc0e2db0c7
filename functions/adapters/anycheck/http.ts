import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import * as z from 'zod/mini';
import type { Announced, Answer } from '../../domain/upstream/answer.ts';
import { UpstreamError } from '../../domain/upstream/errors.ts';

/** ms that connecting may take, and one request in all, its body included. */
const CONNECT_TIMEOUT = 3_000;
const TIMEOUT = 15_000;
/** Bytes of one answer that fit into the memory of a function beside what is made of them. */
const LARGEST = 32 * 1024 * 1024;

const ErrorBody = z.object({ error_code: z.string() });

interface Request {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export type Http = (path: string, request: Request) => Promise<Answer>;

/**
 * One request to AnyCheck, over the AWS SDK's HTTP client: it limits the time to connect, follows no redirect (that would
 * carry the credentials elsewhere), and is in every bundle anyway.
 * @throws UpstreamError UNAVAILABLE, TIMED_OUT, TOO_LARGE, MALFORMED (not UTF-8).
 */
export function anycheckHttp(baseUrl: string): Http {
  const { protocol, hostname, port, pathname } = new URL(baseUrl);
  const handler = new NodeHttpHandler({ connectionTimeout: CONNECT_TIMEOUT });

  return async (path, { method, headers, query, body, signal: caller }) => {
    const signal = AbortSignal.any([caller, AbortSignal.timeout(TIMEOUT)]);
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
      if (signal.aborted) throw new UpstreamError('TIMED_OUT', 'AnyCheck took too long', { cause: error });
      throw new UpstreamError('UNAVAILABLE', 'AnyCheck could not be reached', { cause: error });
    }
  };
}

/** The whole body; one that ends before its announced length is cut off. */
async function bytesOf(body: AsyncIterable<Uint8Array>, announced: string | undefined): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > LARGEST) throw new UpstreamError('TOO_LARGE', "AnyCheck's answer is larger than 32 MB");
    chunks.push(chunk);
  }
  if (announced !== undefined && Number(announced) > length) throw new Error('cut off');
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

/** ms by which AnyCheck's clock may be off before its own `Date` is believed rather than ours. */
const CLOCK_SKEW = 5_000;

/** ms by which AnyCheck's clock is ahead of ours, where that is too much to pass over. */
function skewOf(headers: Headers): number {
  const ahead = Date.parse(headers.date ?? '') - Date.now();
  return Math.abs(ahead) > CLOCK_SKEW ? ahead : 0;
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

/** Seconds; a longer wait than this is taken for a fault of whoever asks for it. */
const LONGEST_WAIT = 3600;

/** Seconds, from a `Retry-After` in either of its forms (RFC 9110, 10.2.3). */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const until = Date.parse(value) - skewOf(headers);
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((until - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(LONGEST_WAIT, Math.max(0, seconds));
}
