/** The header of each answer that depends on `Accept-Encoding`, also of its 304 (RFC 9110, 15.4.5). */
export const NEGOTIATED = { vary: 'accept-encoding' } as const;

/**
 * Whether an `If-None-Match` contains the ETag, by weak comparison (RFC 9110, 13.1.2). Each ETag of the service is weak,
 * so it stands for every coding of the answer (8.8.1).
 */
export function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = (tag: string) => tag.replace(/^W\//, '');
  return (ifNoneMatch.match(/(W\/)?"[^"]*"/g) ?? []).some((tag) => opaque(tag) === opaque(etag));
}

/** The codings of answers. Of those that a caller accepts alike, the first one is used: it packs best for its CPU. */
const CODINGS = ['zstd', 'br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

/** What a caller accepts, as weights (RFC 9110, 12.5.3): 0 for a coding that it refuses. `identity` is the answer as it is. */
export type Accepted = Readonly<Record<Coding | 'identity', number>>;

/**
 * Parses an `Accept-Encoding`. A named coding takes precedence over `*`, and `x-gzip` is gzip (8.4.1.3). Of the codings,
 * `*` means gzip, which every client knows. A caller that names nothing accepts the answer as it is; without the header
 * it may know no coding.
 */
export function acceptedBy(acceptEncoding: string): Accepted {
  const weights = new Map(acceptEncoding.toLowerCase().split(',').map(weighed));
  const any = weights.get('*');
  return {
    zstd: weights.get('zstd') ?? 0,
    br: weights.get('br') ?? 0,
    gzip: weights.get('gzip') ?? weights.get('x-gzip') ?? any ?? 0,
    identity: weights.get('identity') ?? any ?? UNNAMED,
  };
}

/** Less than each weight that a caller can give a coding. */
const UNNAMED = 0.0001;

/** Splits `gzip;q=0.5` into its name and its weight. A weight that is no number refuses the coding. */
function weighed(coding: string): [name: string, weight: number] {
  const [name = '', ...parameters] = coding.split(';').map((part) => part.trim());
  const weight = parameters.find((one) => one.startsWith('q='));
  return [name, weight === undefined ? 1 : Number(weight.slice('q='.length)) || 0];
}

/** Returns the coding with the highest weight; undefined if the caller accepts none. */
export function preferredIn(accepted: Accepted): Coding | undefined {
  const best = Math.max(...CODINGS.map((coding) => accepted[coding]));
  return best > 0 ? CODINGS.find((coding) => accepted[coding] === best) : undefined;
}
