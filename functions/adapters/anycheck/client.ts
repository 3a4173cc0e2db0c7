import { parseListing } from '../../domain/group/verification.ts';
import type { AnyCheck } from '../../domain/upstream/anycheck.ts';
import { isBadCredentials, isUnauthorized, refusedBy } from '../../domain/upstream/assessment.ts';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import type { ProbePermit, RateLimiter } from '../../domain/upstream/limiter.ts';
import type { Http } from './http.ts';

/** The authorization of a request to AnyCheck. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  /** The version of the secret's value that it comes from. */
  readonly credentials: string;
  /** Whether AnyCheck has accepted a token of this session; undefined for an API key. */
  readonly session: 'accepted' | 'new' | undefined;
}

/** One attempt at a call, with the login that it may need. */
export interface Attempt {
  readonly signal: AbortSignal;
  readonly permit: ProbePermit;
}

export interface Authorization {
  access(attempt: Attempt): Promise<Access>;
  /** @returns the access to retry with after AnyCheck refused one; undefined if there is no other. */
  renewed(refused: Access, attempt: Attempt): Promise<Access | undefined>;
  /** Records that AnyCheck accepted a new session. */
  accepted(access: Access): Promise<void>;
}

export interface AnyCheckDeps {
  readonly http: Http;
  readonly limiter: RateLimiter;
  readonly authorization: Authorization;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Waits `ms`. It throws where the signal aborts first. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Attempts of one call, the first one included. */
const MAX_ATTEMPTS = 3;
/** The longest wait between the first two attempts, ms. Each further wait is up to twice as long (full jitter). */
const MAX_BACKOFF_MS = 500;

/** AnyCheck's `GET /verifications`. */
export function anycheckClient({ http, limiter, authorization, random, sleep }: AnyCheckDeps): AnyCheck {
  /** One attempt, and a second call if AnyCheck refuses the credentials. */
  async function attempt(
    query: Readonly<Record<string, string>> & { readonly result_id: string },
    signal: AbortSignal,
  ) {
    const ours: Attempt = { signal, permit: { until: 0 } };
    const send = ({ headers, credentials, session }: Access) =>
      limiter.call({
        ...ours,
        credentials,
        session,
        group: query.result_id,
        send: () => http('/verifications', { method: 'GET', headers, query, signal }),
        read: (body) => parseListing(body, query.result_id),
      });
    let access = await authorization.access(ours);
    let result = await send(access);
    if (result.kind === 'refused' && isUnauthorized(result.answer)) {
      const renewed = await authorization.renewed(access, ours);
      if (renewed) {
        access = renewed;
        result = await send(access);
      }
    }
    if (result.kind === 'done') {
      if (access.session === 'new') await authorization.accepted(access);
      return result.value;
    }
    if (isBadCredentials(result.answer)) {
      await limiter.refuse(access.credentials, 'key');
      throw refusedBy(result.answer, { reason: 'REFUSED' }, { ...result.impact, fleetWide: true });
    }
    throw result.error;
  }

  return {
    async list(resultId, { offset, size }, signal) {
      const query = { result_id: resultId, page_offset: String(offset), page_size: String(size) };
      for (let attempts = 1; ; attempts++) {
        try {
          return await attempt(query, signal);
        } catch (error) {
          if (attempts === MAX_ATTEMPTS || !isTransient(error)) throw error;
          await sleep(random() * MAX_BACKOFF_MS * 2 ** (attempts - 1), signal).catch(() => {
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
