/** Whether one of the tags of an `If-None-Match` is this one, compared weakly (RFC 9110, 13.1.2). */
export function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = (tag: string) => tag.replace(/^W\//, '');
  return (ifNoneMatch.match(/(W\/)?"[^"]*"/g) ?? []).some((tag) => opaque(tag) === opaque(etag));
}

/**
 * A coding that is named counts before `*` (RFC 9110, 12.5.3).
 * @param accepts an `Accept-Encoding`.
 */
export function takesGzip(accepts: string): boolean {
  const weights = new Map(accepts.toLowerCase().split(',').map(weighed));
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

/** `gzip;q=0.5` as its name and weight. */
function weighed(coding: string): [name: string, weight: number] {
  const [name = '', ...parameters] = coding.split(';').map((part) => part.trim());
  const weight = parameters.find((one) => one.startsWith('q='));
  return [name, weight === undefined ? 1 : Number(weight.slice('q='.length))];
}
