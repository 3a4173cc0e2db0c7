import { ApiError } from '../runtime/rest/api-error.ts';
import { type Fitted, fitted, ONLY_GZIP } from '../runtime/rest/fitted.ts';
import { codingsOf } from '../runtime/rest/negotiation.ts';

/**
 * @throws ApiError 406 if the caller refuses all codings, or gzip for a diff that fits only with it; 413 if it does not fit even
 * with gzip.
 */
export function diffReply(body: string, accepts: string): Fitted {
  const whole = fitted(body, codingsOf(accepts));
  if (whole) return whole;
  if (fitted(body, ONLY_GZIP)) {
    throw new ApiError(406, 'INVALID_REQUEST', 'This diff is larger than 6 MB. Send Accept-Encoding: gzip.');
  }
  throw new ApiError(
    413,
    'INVALID_REQUEST',
    'This diff is larger than 6 MB even with gzip. Read the two versions instead.',
  );
}
