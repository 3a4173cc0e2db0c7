import { ApiError } from './api-error.ts';

/** The header of each answer that depends on `Accept-Encoding`, also of its 304 (RFC 9110, 15.4.5). */
export const NEGOTIATED = { vary: 'accept-encoding' } as const;

/** Whether an `If-None-Match` contains the ETag, by weak comparison (RFC 9110, 13.1.2). */
export function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = (tag: string) => tag.replace(/^W\//, '');
  return (ifNoneMatch.match(/(W\/)?"[^"]*"/g) ?? []).some((tag) => opaque(tag) === opaque(etag));
}

/** What a caller accepts, as weights (RFC 9110, 12.5.3): 0 for a coding that it refuses. */
export interface Codings {
  readonly gzip: number;
  /** The answer as it is. */
  readonly identity: number;
}

/**
 * Parses an `Accept-Encoding`. A named coding takes precedence over `*`, and `x-gzip` is gzip (8.4.1.3). A caller that
 * names neither accepts the answer as it is; without the header it may not know gzip.
 * @throws ApiError 406 if the caller refuses both codings.
 */
export function codingsOf(accepts: string): Codings {
  const weights = new Map(accepts.toLowerCase().split(',').map(weighed));
  const any = weights.get('*');
  const gzip = weights.get('gzip') ?? weights.get('x-gzip') ?? any ?? 0;
  const identity = weights.get('identity') ?? any ?? UNNAMED;
  if (gzip === 0 && identity === 0) {
    throw new ApiError(406, 'INVALID_REQUEST', 'Accept-Encoding refuses gzip and the unencoded answer.');
  }
  return { gzip, identity };
}

/** Less than each weight that a caller can give a coding. */
const UNNAMED = 0.0001;

/** Splits `gzip;q=0.5` into its name and its weight. */
function weighed(coding: string): [name: string, weight: number] {
  const [name = '', ...parameters] = coding.split(';').map((part) => part.trim());
  const weight = parameters.find((one) => one.startsWith('q='));
  return [name, weight === undefined ? 1 : Number(weight.slice('q='.length))];
}
