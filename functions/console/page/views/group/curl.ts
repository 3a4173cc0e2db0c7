/**
 * Returns a shell command that calls the service as the view did. The token stays out of it: the user's shell has its
 * own. @param path with its query.
 */
export const curlFor = (origin: string, path: string): string =>
  `curl -sS --compressed '${origin}${path.replaceAll("'", '%27')}' -H "Authorization: Bearer $TOKEN"`;
