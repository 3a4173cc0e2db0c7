import { ApiError } from '../runtime/rest/api-error.ts';
import { ONLY_GZIP } from '../runtime/rest/encoded.ts';
import type { Fits } from '../runtime/rest/reply.ts';

/** Returns the error for a diff over Lambda's result limit: 406 if it fits with gzip alone; 413 if it does not. */
export const tooLargeDiff = (body: string, fits: Fits): ApiError =>
  fits(body, ONLY_GZIP)
    ? new ApiError(406, 'INVALID_REQUEST', 'This diff is larger than 6 MB. Send Accept-Encoding: gzip.')
    : new ApiError(
        413,
        'INVALID_REQUEST',
        'This diff is larger than 6 MB even with gzip. Read the two versions instead.',
      );
