import { ApiError, invalidField } from '../runtime/rest/api-error.ts';
import { ONLY_GZIP } from '../runtime/rest/encoded.ts';
import type { Fits } from '../runtime/rest/reply.ts';

/**
 * Returns the error for a page whose body is over Lambda's result limit in every coding that the caller accepts.
 * @param page its items are unpacked only here.
 * @param bodyOf returns the body of some of the items.
 * @returns ApiError 400 that names a `page_size` that fits; 406 for a single item that fits only with gzip; 413 if a single
 * item does not fit even with gzip.
 */
export function tooLargePage(
  page: { items(): readonly string[] },
  bodyOf: (items: readonly string[]) => string,
  fits: Fits,
): ApiError {
  const items = page.items();
  for (let size = Math.floor(items.length / 2); size >= 1; size = Math.floor(size / 2)) {
    if (fits(bodyOf(items.slice(0, size)))) {
      return invalidField('page_size', `is too large: the page is over 6 MB, while ${size} fits`);
    }
  }
  if (fits(bodyOf(items.slice(0, 1)), ONLY_GZIP)) {
    return new ApiError(
      406,
      'INVALID_REQUEST',
      'This verification is larger than 6 MB. Send Accept-Encoding: gzip and page_size=1.',
    );
  }
  return new ApiError(
    413,
    'INVALID_REQUEST',
    'This verification is larger than 6 MB even with gzip. The service cannot return it.',
  );
}
