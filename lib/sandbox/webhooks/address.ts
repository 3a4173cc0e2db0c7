const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Why nothing is sent to an address; undefined where it may be. The sandbox's items name receivers that are made up, and
 * those of a test may be copied from real ones: neither is ever called, unless `allowRemote` says so.
 */
export function refusalOf(url: string, allowRemote: boolean): 'not_http' | 'not_loopback' | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) return 'not_http';
  return allowRemote || LOOPBACK.test(parsed.hostname) ? undefined : 'not_loopback';
}
