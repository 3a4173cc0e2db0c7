import { setTimeout as sleep } from 'node:timers/promises';
import { parseListing } from '../../domain/group/verification.ts';
import type { ErrorAnswer } from '../../domain/upstream/answer.ts';
import type { AnyCheck } from '../../domain/upstream/anycheck.ts';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import type { UpstreamImpact } from '../../domain/upstream/feedback.ts';
import type { RateLimiter } from '../../domain/upstream/limiter.ts';
import type { Http } from './http.ts';

/** The authorization of a request to AnyCheck. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  /** The version of the secret's value that it comes from. */
  readonly credentials: string;
}

export interface Authorization {
  access(signal: AbortSignal): Promise<Access>;
  /** @returns the access to retry with after AnyCheck refused one; undefined if there is no other. */
  renewed(refused: Access, signal: AbortSignal): Promise<Access | undefined>;
}

export interface AnyCheckDeps {
  readonly http: Http;
  readonly limiter: RateLimiter;
  readonly authorization: Authorization;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Attempts of one call, the first one included. */
const MAX_ATTEMPTS = 3;
/** The longest wait between the first two attempts, ms. Each further wait is up to twice as long (full jitter). */
const MAX_BACKOFF_MS = 500;

/** AnyCheck's `GET /verifications`. */
export function anycheckClient({ http, limiter, authorization, random }: AnyCheckDeps): AnyCheck {
  /** One attempt, and a second call if AnyCheck refuses the credentials. */
  async function attempt(
    query: Readonly<Record<string, string>> & { readonly result_id: string },
    signal: AbortSignal,
  ): Promise<string> {
    const send = ({ headers, credentials }: Access) =>
      limiter.call({
        credentials,
        group: query.result_id,
        signal,
        send: () => http('/verifications', { method: 'GET', headers, query, signal }),
      });
    const access = await authorization.access(signal);
    let { answer, verdict } = await send(access);
    if (!answer.ok && isUnauthorized(answer)) {
      const renewed = await authorization.renewed(access, signal);
      if (renewed) ({ answer, verdict } = await send(renewed));
      if (!answer.ok && isBadCredentials(answer)) {
        await limiter.refuse((renewed ?? access).credentials, 'key');
        verdict = { ...verdict, fleetWide: true };
      }
    }
    if (!answer.ok) throw refused(answer, verdict);
    return answer.body;
  }

  return {
    async list(resultId, { offset, size }, signal) {
      const query = { result_id: resultId, page_offset: String(offset), page_size: String(size) };
      for (let attempts = 1; ; attempts++) {
        try {
          return parseListing(await attempt(query, signal), resultId);
        } catch (error) {
          if (attempts === MAX_ATTEMPTS || !isTransient(error)) throw error;
          await sleep(random() * MAX_BACKOFF_MS * 2 ** (attempts - 1), undefined, { signal }).catch(() => {
            throw error;
          });
        }
      }
    },
  };
}

/** Whether another attempt can succeed before the caller's deadline. */
const isTransient = (error: unknown) =>
  error instanceof UpstreamError && error.reason === 'UNAVAILABLE' && !error.fleetWide;

/**
 * AnyCheck's error codes after which renewed credentials can succeed: a session ended, or a key was rotated. They
 * cannot help against a missing permission or an empty balance.
 */
const BAD_CREDENTIALS = new Set(['INVALID_CREDENTIALS', 'INVALID_API_KEY', 'API_KEY_EXPIRED']);
const UNAUTHORIZED = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED', 'INVALID_TOKEN', ...BAD_CREDENTIALS]);
const isUnauthorized = ({ code, status }: ErrorAnswer) =>
  code === undefined ? status === 401 : UNAUTHORIZED.has(code);

/**
 * Whether AnyCheck refuses the credentials themselves. More calls with them do harm: they can get the user locked out.
 */
export const isBadCredentials = ({ code }: ErrorAnswer): boolean => code !== undefined && BAD_CREDENTIALS.has(code);

const REFUSALS = new Set([...UNAUTHORIZED, 'FORBIDDEN', 'INSUFFICIENT_BALANCE']);

/** Classifies an error by its `error_code` first and by its HTTP status second, as AnyCheck's reference requires. */
function reasonOf({ code, status }: ErrorAnswer) {
  if (code === 'NOT_FOUND') return 'NOT_FOUND';
  if (code === 'QUOTA_EXCEEDED') return 'THROTTLED';
  if (code !== undefined && REFUSALS.has(code)) return 'REFUSED';
  if (code === 'INTERNAL_SERVER_ERROR' || code === 'REQUEST_TIMEOUT') return 'UNAVAILABLE';
  if (status === 404) return 'NOT_FOUND';
  if (status === 429) return 'THROTTLED';
  if (status === 401 || status === 403) return 'REFUSED';
  return status >= 400 && status < 500 && status !== 408 ? 'REJECTED' : 'UNAVAILABLE';
}

export function refused(refusal: ErrorAnswer, verdict: UpstreamImpact): UpstreamError {
  const { status, code } = refusal;
  // The message repeats the code only if it is spelled like AnyCheck's codes. It must not contain anything else from
  // AnyCheck.
  const named = code !== undefined && /^[A-Z_]{1,40}$/.test(code) ? ` ${code}` : '';
  const mayBeSize = status === 400 && code !== 'INVALID_ID';
  return new UpstreamError(reasonOf(refusal), `AnyCheck answered ${status}${named}`, { ...verdict, mayBeSize });
}
