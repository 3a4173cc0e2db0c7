import { randomBytes } from 'node:crypto';

/** Seconds that a signed link claims to live; the real lifetime is not published. */
const LINK_SECONDS = 900;

/**
 * Signs every link in a `*_file_url` value's source text (a string, or lists of strings by file kind) anew: no two calls
 * give the same query part, as with the real links.
 */
export function signLinks(source: string, now: number): string {
  const expires = Math.floor(now / 1000) + LINK_SECONDS;
  return source.replace(
    /"(https?:\/\/[^"\\?]*)(?:\?[^"\\]*)?"/g,
    (_, link: string) => `"${link}?X-Expires=${expires}&X-Signature=${randomBytes(16).toString('hex')}"`,
  );
}
