import { ApiError, invalidField } from '../runtime/rest/api-error.ts';
import { type Fitted, fitted, ONLY_GZIP } from '../runtime/rest/fitted.ts';
import { codingsOf } from '../runtime/rest/negotiation.ts';

/**
 * Makes a page's body fit into Lambda's result limit: as it is, or gzipped if the caller accepts gzip.
 * @param page its items are unpacked only if the body is too large.
 * @param bodyOf returns the body of some of the items.
 * @throws ApiError 400 that names a `page_size` that fits; 406 if the caller refuses all codings, or
 * gzip for a single item that fits only with it; 413 if a single item does not fit even with gzip.
 */
export function fitting(
  body: string,
  page: { items(): readonly string[] },
  bodyOf: (items: readonly string[]) => string,
  accepts: string,
): Fitted {
  const codings = codingsOf(accepts);
  const whole = fitted(body, codings);
  if (whole) return whole;
  const items = page.items();
  for (let size = Math.floor(items.length / 2); size >= 1; size = Math.floor(size / 2)) {
    if (fitted(bodyOf(items.slice(0, size)), codings)) {
      throw invalidField('page_size', `is too large: the page is over 6 MB, while ${size} fits`);
    }
  }
  if (fitted(bodyOf(items.slice(0, 1)), ONLY_GZIP)) {
    throw new ApiError(
      406,
      'INVALID_REQUEST',
      'This verification is larger than 6 MB. Send Accept-Encoding: gzip and page_size=1.',
    );
  }
  throw new ApiError(
    413,
    'INVALID_REQUEST',
    'This verification is larger than 6 MB even with gzip. The service cannot return it.',
  );
}
