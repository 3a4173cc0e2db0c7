import { randomBytes } from 'node:crypto';

/** The lifetime that a signed link states. AnyCheck has not published the real one. */
const LINK_SECONDS = 900;

/**
 * Signs every link in a `*_file_url` value's source text (a string, or lists of strings by file kind) anew. As with
 * AnyCheck, each call gives another query part. @param now in milliseconds since the epoch.
 */
export function signLinks(source: string, now: number): string {
  const expires = Math.floor(now / 1000) + LINK_SECONDS;
  return source.replace(
    /"(https?:\/\/[^"\\?]*)(?:\?[^"\\]*)?"/g,
    (_, link: string) => `"${link}?X-Expires=${expires}&X-Signature=${randomBytes(16).toString('hex')}"`,
  );
}
