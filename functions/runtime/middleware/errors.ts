import type * as z from 'zod/mini';
import type { Failure } from '../../route.ts';
import { errorFields, log } from '../log/log.ts';
import { ApiError, apiErrorOf, type ErrorCode } from '../rest/api-error.ts';
import { type Reply, resultOf } from '../rest/reply.ts';
import type { HttpMiddleware } from './http-middleware.ts';

const UNEXPECTED = 'The service failed unexpectedly. Its logs contain this failure under the request id.';

/**
 * Turns errors into answers in AnyCheck's shape. An error that is neither an ApiError nor a Refusal becomes a 500
 * without internal details. Each 5xx is logged.
 */
export const errors = (): HttpMiddleware => ({
  onError: (call) => {
    const { error, event } = call;
    const fault = apiErrorOf(error) ?? new ApiError(500, 'INTERNAL_SERVER_ERROR', UNEXPECTED, { cause: error });
    const { status, cause } = fault;
    if (status >= 500) {
      log('error', 'request.failed', { route: event.routeKey, status, ...errorFields(cause ?? error) });
    }
    call.response = resultOf(replyOf(fault));
  },
});

function replyOf({ status, code, message, errors, retryAfter }: ApiError): Reply {
  const failure: z.input<typeof Failure> = { error_code: code, message, ...(errors && { errors: [...errors] }) };
  return {
    status,
    headers: {
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      // Each 401 names a way to authenticate (RFC 9110, 15.5.2).
      ...(status === 401 && { 'www-authenticate': isOfKey(code) ? 'ApiKey' : 'Bearer' }),
      // Only a Content-Encoding is unsupported here (RFC 9110, 15.5.16).
      ...(status === 415 && { 'accept-encoding': 'gzip' }),
    },
    body: JSON.stringify(failure),
  };
}

/** Whether a refusal is about an API key. HTTP has no registered scheme for these. */
const isOfKey = (code: ErrorCode): boolean => code === 'INVALID_API_KEY' || code === 'API_KEY_EXPIRED';
