import type { HttpMiddleware } from './http-middleware.ts';

/** Personal data, and different for every caller: kept by no shared cache, revalidated at every use. */
const PRIVATE = { 'cache-control': 'private, no-cache' };

/** The headers that every answer has, the request id among them. Those that the answer brings along win. */
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
