import { ApiError, invalidField } from '../runtime/rest/api-error.ts';
import { type Fitted, fitted } from '../runtime/rest/fitted.ts';
import { takesGzip } from '../runtime/rest/negotiation.ts';

/**
 * A page's body in a form that Lambda can hand over: as it is, or gzipped where the caller takes that.
 * @param page unpacks its items, which happens only where its body is too large. @param bodyOf the body of the first of them.
 * @throws ApiError 400 naming a `page_size` that fits, 406 where a single item needs gzip and the caller doesn't take it, 413
 * where it is too large even so.
 */
export function fitting(
  body: string,
  page: { items(): readonly string[] },
  bodyOf: (items: readonly string[]) => string,
  accepts: string,
): Fitted {
  const whole = fitted(body, takesGzip(accepts));
  if (whole) return whole;
  const items = page.items();
  for (let size = Math.floor(items.length / 2); size >= 1; size = Math.floor(size / 2)) {
    if (fitted(bodyOf(items.slice(0, size)), takesGzip(accepts))) {
      throw invalidField('page_size', `is too large: this page is over 6 MB, and ${size} fits`);
    }
  }
  if (fitted(bodyOf(items.slice(0, 1)), true)) {
    throw new ApiError(
      406,
      'INVALID_REQUEST',
      'This verification is larger than 6 MB: send Accept-Encoding: gzip and page_size=1.',
    );
  }
  throw new ApiError(
    413,
    'INVALID_REQUEST',
    'This verification is larger than 6 MB, gzipped too: it can not be served.',
  );
}
