import { addressOf, type Values } from './address.ts';
import { CallError, errorOf, signedOut, unreachable } from './call-error.ts';
import { limited } from './limited.ts';
import type { Body, Input, RouteKey } from './route-types.ts';

interface Answer<Content> {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came. Values of AnyCheck are sliced from it, so that no number is rounded. */
  readonly text: string;
  /** The parsed body; undefined for an answer without one. */
  readonly body: Content;
}

interface Options {
  readonly signal?: AbortSignal;
  /** The ETag of what the page has: the answer can then be 304. */
  readonly etag?: string | undefined;
  /** Statuses of errors that are answers, too. */
  readonly accepts?: readonly number[];
}

type AnyInput = Values & { readonly body?: unknown };
type CallInput<Key extends RouteKey> = Input<Key> & AnyInput;

export interface Client {
  /**
   * Calls a route, such as `GET /groups/{result_id}`.
   * @throws CallError for an answer that is no success. A GET that the service throttles is repeated first.
   */
  call<Key extends RouteKey>(key: Key, input: CallInput<Key>, options?: Options): Promise<Answer<Body<Key>>>;
}

interface Deps {
  readonly fetch: typeof fetch;
  /** Returns the access token; undefined where no user is signed in. */
  readonly token: () => Promise<string | undefined>;
  /** Called where the service refuses a token. */
  readonly onUnauthorized: (token: string) => void;
}

const MAX_CALLS = 5;
const MAX_ATTEMPTS = 4;
/** The longest wait before a GET is repeated, ms. The user learns of a longer one at once. */
const MAX_WAIT_MS = 10_000;
/** API Gateway answers within 30 s. */
const DEADLINE_MS = 35_000;
/** They need no token, and no slot: a call that waits for a token holds one. */
const PUBLIC = ['POST /auth/login', 'POST /auth/refresh'];

export function createClient(deps: Deps): Client {
  const run = limited(MAX_CALLS);
  return {
    async call(key, input, options = {}) {
      const isPublic = PUBLIC.includes(key);
      const attemptOnce = () => callOnce(deps, key, input, { ...options, isPublic });
      for (let attempt = 1; ; attempt++) {
        const answer = await (isPublic ? attemptOnce() : run(attemptOnce));
        const { status, headers, text } = answer;
        if (status < 300 || status === 304 || options.accepts?.includes(status)) {
          // The type of the body is that of the service's own schema.
          return { ...answer, body: text === '' ? undefined : JSON.parse(text) };
        }
        const error = errorOf(status, headers, text);
        const waitMs = (error.details.retryAfterSeconds ?? 2 ** (attempt - 1)) * 1000;
        const isThrottled = status === 429 || status === 503;
        if (!key.startsWith('GET ') || !isThrottled || attempt === MAX_ATTEMPTS || waitMs > MAX_WAIT_MS) throw error;
        await wait(waitMs, options.signal);
      }
    },
  };
}

interface CallOptions extends Options {
  readonly isPublic: boolean;
}

async function callOnce(deps: Deps, key: string, input: AnyInput, { signal, etag, isPublic }: CallOptions) {
  const [method = '', path = ''] = key.split(' ');
  const address = addressOf(path, input);
  const token = isPublic ? undefined : await deps.token();
  if (!isPublic && token === undefined) throw signedOut();
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    const response = await deps.fetch(address, {
      method,
      // The browser would keep personal data on the disk.
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      headers: {
        // Without it, a browser adds no-cache to such a request, which refreshes the group at AnyCheck.
        'cache-control': 'max-stale',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(etag !== undefined && { 'if-none-match': etag }),
        ...(input.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
    });
    const text = await response.text();
    if (response.status !== 401 || token === undefined)
      return { status: response.status, headers: response.headers, text };
    deps.onUnauthorized(token);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  throw signedOut();
}

function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Returns an error as one that the page shows. An aborted call is no error: the page has gone on without it. */
export function shownError(error: unknown): CallError | undefined {
  if (error instanceof CallError) return error;
  if (error instanceof DOMException && error.name === 'AbortError') return undefined;
  return new CallError('This page failed. Load it again.', { status: 0, code: 'UNEXPECTED' });
}
