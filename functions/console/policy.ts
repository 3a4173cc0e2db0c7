/**
 * The content security policy. The page may only run its own files, and only call its own host and the given origins. No
 * script can turn text into HTML or code.
 * @param connectOrigins hosts of the issuer, as origins.
 */
export const policy = (connectOrigins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["connect-src 'self'", ...connectOrigins].join(' '),
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
