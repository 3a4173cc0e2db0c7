import { setTimeout as sleep } from 'node:timers/promises';
import { parseListing } from '../../domain/group/verification.ts';
import type { ErrorAnswer } from '../../domain/upstream/answer.ts';
import type { AnyCheck } from '../../domain/upstream/anycheck.ts';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import type { UpstreamImpact } from '../../domain/upstream/feedback.ts';
import type { RateLimiter } from '../../domain/upstream/limiter.ts';
import type { Http } from './http.ts';

/** What a request to AnyCheck is let in by. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  /** Names the value of the secret that it comes from. */
  readonly credentials: string;
}

export interface Authorization {
  access(signal: AbortSignal): Promise<Access>;
  /** What to try instead of what AnyCheck refused; undefined where nothing else is worth trying. */
  renewed(refused: Access, signal: AbortSignal): Promise<Access | undefined>;
}

export interface AnyCheckDeps {
  readonly http: Http;
  readonly limiter: RateLimiter;
  readonly authorization: Authorization;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Tries of one call in all, and ms that the first two are apart at most: twice that for the next two (full jitter). */
const TRIES = 3;
const APART = 500;

/** AnyCheck's `GET /verifications`. */
export function anycheckClient({ http, limiter, authorization, random }: AnyCheckDeps): AnyCheck {
  async function once(
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
    if (!answer.ok && isNotLetIn(answer)) {
      const others = await authorization.renewed(access, signal);
      if (others) ({ answer, verdict } = await send(others));
      if (!answer.ok && isBadCredentials(answer)) {
        await limiter.refuse((others ?? access).credentials, 'key');
        verdict = { ...verdict, fleetWide: true };
      }
    }
    if (!answer.ok) throw refused(answer, verdict);
    return answer.body;
  }

  return {
    async list(resultId, { offset, size }, signal) {
      const query = { result_id: resultId, page_offset: String(offset), page_size: String(size) };
      for (let tries = 1; ; tries++) {
        try {
          return parseListing(await once(query, signal), resultId);
        } catch (error) {
          if (tries === TRIES || !isPassing(error)) throw error;
          await sleep(random() * APART * 2 ** (tries - 1), undefined, { signal }).catch(() => {
            throw error;
          });
        }
      }
    },
  };
}

/** What may be over at the next try, within the time that the caller has. */
const isPassing = (error: unknown) =>
  error instanceof UpstreamError && error.reason === 'UNAVAILABLE' && !error.fleetWide;

/** A session that ended, or a key that was rotated: worth another try with what is good now. Lack of permission or credit isn't. */
const BAD_CREDENTIALS = new Set(['INVALID_CREDENTIALS', 'INVALID_API_KEY', 'API_KEY_EXPIRED']);
const NOT_LET_IN = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED', 'INVALID_TOKEN', ...BAD_CREDENTIALS]);
const isNotLetIn = ({ code, status }: ErrorAnswer) => (code === undefined ? status === 401 : NOT_LET_IN.has(code));

/** AnyCheck says that the credentials themselves are no good: asking again with them can only make it worse. */
export const isBadCredentials = ({ code }: ErrorAnswer): boolean => code !== undefined && BAD_CREDENTIALS.has(code);

const REFUSALS = new Set([...NOT_LET_IN, 'FORBIDDEN', 'INSUFFICIENT_BALANCE']);

/** By `error_code` first and by the HTTP class second, as AnyCheck's reference asks. */
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
  // Only a code of AnyCheck's own spelling is repeated: nothing else that it sent belongs in a message.
  const named = code !== undefined && /^[A-Z_]{1,40}$/.test(code) ? ` ${code}` : '';
  return new UpstreamError(reasonOf(refusal), `AnyCheck answered ${status}${named}`, verdict);
}
