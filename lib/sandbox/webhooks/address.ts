const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Returns why the sandbox does not send to an address; undefined where it may send. The fixtures' receivers are
 * fictitious, and a test's items may contain real ones. The sandbox calls neither, unless `allowRemote` is set.
 */
export function refusalOf(url: string, allowRemote: boolean): 'not_http' | 'not_loopback' | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) return 'not_http';
  return allowRemote || LOOPBACK.test(parsed.hostname) ? undefined : 'not_loopback';
}
