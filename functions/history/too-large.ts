import { ApiError } from '../runtime/rest/api-error.ts';
import { ONLY_GZIP } from '../runtime/rest/encoded.ts';
import type { Body, Fits } from '../runtime/rest/reply.ts';

/**
 * Returns the error for a body over Lambda's result limit: 406 if it fits with gzip alone; 413 if it does not.
 * @param what the body is. @param instead a sentence that says what to call instead.
 */
export const tooLarge =
  (body: Body, what: string, instead: string) =>
  (fits: Fits): ApiError =>
    fits(body, ONLY_GZIP)
      ? new ApiError(406, 'INVALID_REQUEST', `This ${what} is larger than 6 MB. Send Accept-Encoding: gzip.`)
      : new ApiError(413, 'INVALID_REQUEST', `This ${what} is larger than 6 MB even with gzip. ${instead}`);
