import { ApiError } from '../runtime/rest/api-error.ts';
import { type Fitted, fitted } from '../runtime/rest/fitted.ts';
import { takesGzip } from '../runtime/rest/negotiation.ts';

/**
 * @throws ApiError 406 if a diff fits only with gzip and the caller does not accept it; 413 if it does not fit even
 * with gzip.
 */
export function diffReply(body: string, accepts: string): Fitted {
  const whole = fitted(body, takesGzip(accepts));
  if (whole) return whole;
  if (fitted(body, true)) {
    throw new ApiError(406, 'INVALID_REQUEST', 'This diff is larger than 6 MB. Send Accept-Encoding: gzip.');
  }
  throw new ApiError(
    413,
    'INVALID_REQUEST',
    'This diff is larger than 6 MB even with gzip. Read the two versions instead.',
  );
}
