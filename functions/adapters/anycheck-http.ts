import * as z from 'zod';
import { UpstreamError } from '../domain/errors.ts';

/** ms that one request may take, its body included. */
const TIMEOUT = 20_000;

const ErrorBody = z.object({ error_code: z.string() });

/** AnyCheck answered, but not with what was asked for. */
export interface Refusal {
  readonly status: number;
  /** AnyCheck's `error_code`, where the body has one. */
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;
}

type Answer = { readonly ok: true; readonly body: string } | ({ readonly ok: false } & Refusal);

interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export type Http = (path: string, request: HttpRequest) => Promise<Answer>;

/**
 * One request to AnyCheck. Redirects are not followed: they would carry the credentials elsewhere.
 * @throws UpstreamError UNAVAILABLE, TIMED_OUT, MALFORMED (not UTF-8).
 */
export function anycheckHttp(baseUrl: string): Http {
  return async (path, { method, headers, body, signal }) => {
    const timeout = AbortSignal.timeout(TIMEOUT);
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const bytes = await response.arrayBuffer();
      if (response.status === 200) return { ok: true, body: decode(bytes) };
      return {
        ok: false,
        status: response.status,
        code: codeOf(bytes),
        retryAfter: retryAfterOf(response.headers),
      };
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      if (timeout.aborted || signal?.aborted)
        throw new UpstreamError('TIMED_OUT', 'AnyCheck took too long', { cause: error });
      throw new UpstreamError('UNAVAILABLE', 'AnyCheck could not be reached', { cause: error });
    }
  };
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UpstreamError('MALFORMED', "AnyCheck's answer is not UTF-8");
  }
}

function codeOf(bytes: ArrayBuffer): string | undefined {
  try {
    return ErrorBody.parse(JSON.parse(new TextDecoder().decode(bytes))).error_code;
  } catch {
    return undefined;
  }
}

/** Seconds; a longer wait than this is taken for a fault of whoever asks for it. */
const LONGEST_WAIT = 3600;

/** Seconds, from a `Retry-After` in either of its forms (RFC 9110, 10.2.3). */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.min(LONGEST_WAIT, Math.max(0, seconds));
}
