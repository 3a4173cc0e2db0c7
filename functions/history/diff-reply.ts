import { ApiError } from '../runtime/rest/api-error.ts';
import { type Fitted, fitted } from '../runtime/rest/fitted.ts';
import { takesGzip } from '../runtime/rest/negotiation.ts';

/** @throws ApiError 406 where a diff needs gzip and the caller doesn't take it, 413 where it is too large even so. */
export function diffReply(body: string, accepts: string): Fitted {
  const whole = fitted(body, takesGzip(accepts));
  if (whole) return whole;
  if (fitted(body, true)) {
    throw new ApiError(406, 'INVALID_REQUEST', 'This diff is larger than 6 MB: send Accept-Encoding: gzip.');
  }
  throw new ApiError(
    413,
    'INVALID_REQUEST',
    'This diff is larger than 6 MB, gzipped too: read the two versions instead.',
  );
}
