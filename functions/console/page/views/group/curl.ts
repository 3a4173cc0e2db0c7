import { addressOf } from '../../api/address.ts';
import type { Place } from '../../url/place.ts';

/** What a user sees of a group: the group, its current version, and the parameters of the view. */
export interface Shown {
  readonly resultId: string;
  /** Null before the first successful fetch. */
  readonly version: number | null;
  readonly params: Place['params'];
}

/** Returns the path and the query of the call behind the tab that is shown. */
export function shownPath({ resultId, version, params }: Shown): string {
  const { tab, from, to, as_of, version: chosen = version === null ? '' : String(version), offset, size } = params;
  const parameters = { result_id: resultId };
  if (tab === 'history') return addressOf('/groups/{result_id}/history', { parameters });
  if (tab === 'compare' && from && to)
    return addressOf('/groups/{result_id}/diff', { parameters, query: { from, to } });
  const moment = as_of ? { as_of } : chosen === '' ? {} : { snapshot_version: chosen };
  const page = { ...(offset && { page_offset: offset }), ...(size && { page_size: size }) };
  return addressOf('/verifications', { query: { ...parameters, ...moment, ...page } });
}

/**
 * Returns a shell command that calls the service as the page does. The token stays out of it: the user's shell has its
 * own. @param path with its query.
 */
export const curlFor = (origin: string, path: string): string =>
  `curl -sS --compressed '${origin}${path.replaceAll("'", '%27')}' -H "Authorization: Bearer $TOKEN"`;
