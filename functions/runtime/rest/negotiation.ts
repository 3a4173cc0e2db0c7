/** Whether an `If-None-Match` contains the ETag, by weak comparison (RFC 9110, 13.1.2). */
export function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = (tag: string) => tag.replace(/^W\//, '');
  return (ifNoneMatch.match(/(W\/)?"[^"]*"/g) ?? []).some((tag) => opaque(tag) === opaque(etag));
}

/**
 * Whether a caller accepts gzip. A named coding takes precedence over `*` (RFC 9110, 12.5.3).
 * @param accepts an `Accept-Encoding`.
 */
export function takesGzip(accepts: string): boolean {
  const weights = new Map(accepts.toLowerCase().split(',').map(weighed));
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

/** Splits `gzip;q=0.5` into its name and its weight. */
function weighed(coding: string): [name: string, weight: number] {
  const [name = '', ...parameters] = coding.split(';').map((part) => part.trim());
  const weight = parameters.find((one) => one.startsWith('q='));
  return [name, weight === undefined ? 1 : Number(weight.slice('q='.length))];
}
