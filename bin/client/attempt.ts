import * as z from 'zod';

/** The longest time of one attempt, ms: API Gateway answers within 30 seconds. */
const ATTEMPT_MS = 35_000;
/** Characters of an answer that a message quotes. */
const MAX_QUOTED = 300;

/** An answer for the caller, whose body has arrived. */
export interface Answer {
  readonly response: Response;
  /** `POST /groups` and the like. */
  readonly call: string;
  /** ms since the epoch, in whole seconds. */
  readonly serverTime: number;
}

/** Why a call is sent again. */
export interface Obstacle {
  /** A sentence without its full stop. */
  readonly what: string;
  /** What the service demands, ms; undefined: the call backs off. */
  readonly retryAfterMs: number | undefined;
  /** Whether the service answered. */
  readonly isAnswer: boolean;
  /** Whether the service may have executed the call. */
  readonly isDoubtful: boolean;
}

/** Sends a request once. @param now ms since the epoch. */
export async function attempt(request: Request, now: () => number): Promise<Answer | Obstacle> {
  const call = `${request.method} ${new URL(request.url).pathname}`;
  let response: Response;
  try {
    const received = await fetch(request, { signal: AbortSignal.timeout(ATTEMPT_MS) });
    // The body is part of the attempt: a connection can end within it.
    const body = await received.text();
    response = new Response(body, { status: received.status, headers: received.headers });
  } catch (error) {
    const what = `${call} at ${new URL(request.url).origin} has no answer: ${causeOf(error)}`;
    return { what, retryAfterMs: undefined, isAnswer: false, isDoubtful: true };
  }
  const answer = { response, call, serverTime: Date.parse(response.headers.get('date') ?? '') || now() };
  const { status, headers } = response;
  if (status !== 429 && status < 500) return answer;
  return {
    what: (await sentenceOf(answer)).replace(/\.$/, ''),
    retryAfterMs: retryAfterOf(headers.get('retry-after'), now()),
    isAnswer: true,
    isDoubtful: status !== 429,
  };
}

const Failure = z.object({ message: z.string(), error_code: z.string().default('') });

/** What the service answered, for a person. */
export async function sentenceOf({ call, response }: Answer): Promise<string> {
  const text = await response.clone().text();
  const parsed = Failure.safeParse(jsonOf(text)).data;
  const said =
    parsed === undefined ? JSON.stringify(text.slice(0, MAX_QUOTED)) : `${parsed.error_code} ${parsed.message}`;
  return `${call} answered ${response.status}: ${said.trim()}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a `Retry-After`: seconds, or an HTTP date.
 * @returns ms from now, at least 0; undefined where there is none that can be read.
 */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** The reason of a failed `fetch`, which hides it in its cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause = error } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
