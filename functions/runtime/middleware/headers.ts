import type { HttpMiddleware } from './http-middleware.ts';

/**
 * Answers hold personal data and differ by caller: no shared cache may store them, and a private one revalidates each
 * use.
 */
const PRIVATE = { 'cache-control': 'private, no-cache' };

/**
 * Adds the headers that every answer has, such as the request id. A header that the answer already has takes
 * precedence. The answer to HEAD has the headers of GET and no body (RFC 9110, 9.3.2), also if it is an error.
 */
export function headers(): HttpMiddleware {
  const complete: HttpMiddleware['after'] = ({ event: { requestContext }, response }) => {
    if (!response) return;
    const { body, isBase64Encoded } = response;
    response.headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...PRIVATE,
      'x-request-id': requestContext.requestId,
      ...response.headers,
    };
    if (requestContext.http.method !== 'HEAD' || body === undefined) return;
    response.headers['content-length'] = String(Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8'));
    delete response.body;
    delete response.isBase64Encoded;
  };
  return { after: complete, onError: complete };
}
