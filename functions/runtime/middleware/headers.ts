import type { HttpMiddleware } from './http-middleware.ts';

/**
 * Answers hold personal data and differ by caller: no shared cache may store them, and a private one revalidates each
 * use.
 */
const PRIVATE = { 'cache-control': 'private, no-cache' };

/**
 * Adds the headers that every answer has, such as the request id. A header that the answer already has takes
 * precedence.
 */
export function headers(): HttpMiddleware {
  const complete: HttpMiddleware['after'] = (call) => {
    if (!call.response) return;
    call.response.headers = {
      ...(call.response.body !== undefined && { 'content-type': 'application/json' }),
      ...PRIVATE,
      'x-request-id': call.event.requestContext.requestId,
      ...call.response.headers,
    };
  };
  return { after: complete, onError: complete };
}
