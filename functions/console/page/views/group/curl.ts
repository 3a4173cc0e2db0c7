import { addressOf } from '../../api/address.ts';
import type { Place } from '../../url/place.ts';
import { comparedVersions } from './compare/compared-versions.ts';

/** What a user sees of a group: the group, its current version, and the parameters of the view. */
export interface Shown {
  readonly resultId: string;
  /** Null before the first successful fetch. */
  readonly version: number | null;
  /** Newest first; empty before they are loaded. */
  readonly versions: readonly { readonly version: number }[];
  readonly params: Place['params'];
}

/**
 * Returns the path and the query of the call behind the tab that is shown. Behind the timeline are many: its call is that of
 * the newest items.
 */
export function shownPath({ resultId, version, versions, params }: Shown): string {
  const { tab, as_of, version: chosen = version === null ? '' : String(version), offset, size } = params;
  const parameters = { result_id: resultId };
  const { from, to } = comparedVersions(versions, params);
  if (tab === 'compare' && from && to) {
    return addressOf('/groups/{result_id}/diff', { parameters, query: { from, to } });
  }
  // A comparison needs two versions: without them, the tab has read the history alone.
  if (tab === 'history' || tab === 'compare') return addressOf('/groups/{result_id}/history', { parameters });
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
