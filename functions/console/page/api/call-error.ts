import type * as z from 'zod/mini';
import type { Failure } from '../../../route.ts';

type FailureBody = z.input<typeof Failure>;

interface Details {
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  /** The API's error_code, or one of this page. */
  readonly code: FailureBody['error_code'] | 'UNREACHABLE' | 'SIGNED_OUT' | 'UNEXPECTED';
  /** The id of the call in the service's logs. */
  readonly requestId?: string | undefined;
  /** Seconds until a repeated call can succeed, if the service names them. */
  readonly retryAfterSeconds?: number | undefined;
  readonly fields?: FailureBody['errors'];
}

/** A call of the API that has no successful answer. The message is a sentence for the user. */
export class CallError extends Error {
  readonly details: Details;

  constructor(message: string, details: Details) {
    super(message);
    this.name = 'CallError';
    this.details = details;
  }
}

export const unreachable = (): CallError =>
  new CallError('The service cannot be reached. Check the network, then try again.', {
    status: 0,
    code: 'UNREACHABLE',
  });

export const signedOut = (): CallError =>
  new CallError('The session is over. Sign in, then repeat the step.', { status: 401, code: 'SIGNED_OUT' });

/** Returns the error of an answer that is no success. The gateway's own errors have only a message. */
export function errorOf(status: number, headers: Headers, text: string): CallError {
  const body = failureIn(text);
  const message = body.message ?? 'The service answered unexpectedly.';
  return new CallError(`${message}${message.endsWith('.') ? '' : '.'}`, {
    status,
    code: body.error_code ?? 'UNEXPECTED',
    requestId: headers.get('x-request-id') ?? headers.get('apigw-requestid') ?? undefined,
    retryAfterSeconds: secondsIn(headers.get('retry-after')),
    fields: body.errors,
  });
}

/** The body of an error comes from the service or from the gateway, so each member can be missing. */
function failureIn(text: string): Partial<FailureBody> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

function secondsIn(header: string | null): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
