import { UpstreamError } from '../domain/errors.ts';
import type { AnyCheck } from '../domain/ports.ts';
import { parseListing } from '../domain/verification.ts';
import type { Http, Refusal } from './anycheck-http.ts';

/** How a request to AnyCheck is allowed in. */
export interface Authorization {
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** What to try instead after AnyCheck refused `headers`; undefined where nothing else is worth trying. */
  renewed(
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>> | undefined>;
}

/** AnyCheck's `GET /verifications`. */
export function anycheckClient(http: Http, authorization: Authorization): AnyCheck {
  return {
    async list(resultId, { offset, size }, signal) {
      const query = new URLSearchParams({
        result_id: resultId,
        page_offset: String(offset),
        page_size: String(size),
      });
      const ask = (headers: Readonly<Record<string, string>>) =>
        http(`/verifications?${query}`, { method: 'GET', headers, signal });

      const headers = await authorization.headers(signal);
      let answer = await ask(headers);
      if (!answer.ok && isNotLetIn(answer)) {
        const others = await authorization.renewed(headers, signal);
        if (others) answer = await ask(others);
      }
      if (!answer.ok) throw refused(answer);
      return parseListing(answer.body, resultId);
    },
  };
}

/** A session that ended, or a key that was rotated: worth another try with what is good now. Lack of permission or credit isn't. */
const NOT_LET_IN = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED', 'INVALID_TOKEN', 'INVALID_API_KEY', 'API_KEY_EXPIRED']);
const isNotLetIn = ({ code, status }: Refusal) => (code === undefined ? status === 401 : NOT_LET_IN.has(code));

const REFUSALS = new Set([...NOT_LET_IN, 'INVALID_CREDENTIALS', 'FORBIDDEN', 'INSUFFICIENT_BALANCE']);

/** By `error_code` first and by the HTTP class second, as AnyCheck's reference asks. */
function reasonOf({ code, status }: Refusal): 'NOT_FOUND' | 'REFUSED' | 'THROTTLED' | 'UNAVAILABLE' {
  if (code === 'NOT_FOUND') return 'NOT_FOUND';
  if (code === 'QUOTA_EXCEEDED') return 'THROTTLED';
  if (code !== undefined && REFUSALS.has(code)) return 'REFUSED';
  if (code === 'INTERNAL_SERVER_ERROR' || code === 'REQUEST_TIMEOUT') return 'UNAVAILABLE';
  if (status === 404) return 'NOT_FOUND';
  if (status === 429) return 'THROTTLED';
  return status === 401 || status === 403 ? 'REFUSED' : 'UNAVAILABLE';
}

export function refused(refusal: Refusal): UpstreamError {
  const { status, code, retryAfter } = refusal;
  // Only a code of AnyCheck's own spelling is repeated: nothing else that it sent belongs in a message.
  const named = code !== undefined && /^[A-Z_]{1,40}$/.test(code) ? ` ${code}` : '';
  return new UpstreamError(reasonOf(refusal), `AnyCheck answered ${status}${named}`, { retryAfter });
}
