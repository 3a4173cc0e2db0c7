import type { Input } from '../../api/route-types.ts';
import { EVENT_TYPES } from './event-types.ts';
import type { Endpoint, EventType } from './types.ts';

/** What an admin types of an endpoint. */
export interface EndpointDraft {
  readonly url: string;
  readonly description: string;
  readonly event_types: readonly EventType[];
}

export const NEW_ENDPOINT: EndpointDraft = {
  url: '',
  description: '',
  event_types: EVENT_TYPES.map(([type]) => type),
};

/** What stands for the query of a stored URL. */
const MASK = '?***';

/** Returns what is wrong with a typed URL, as a sentence; undefined where the service decides. */
export function urlFault(url: string, before: EndpointDraft): string | undefined {
  const isMasked = url !== before.url && url.includes(MASK);
  return isMasked
    ? `${MASK} stands for the stored query, which the page does not know. Type the whole URL.`
    : undefined;
}

type Change = Input<'PATCH /webhook-endpoints/{endpoint_id}'>['body'];

/** Returns what a draft changes; undefined where it changes nothing. An unchanged URL is not sent: its query is masked. */
export function changeOf(draft: EndpointDraft, before: Endpoint): Change | undefined {
  const change: Change = {
    ...(draft.url !== before.url && { url: draft.url }),
    ...(draft.description !== before.description && { description: draft.description }),
    ...(!isSame(draft.event_types, before.event_types) && { event_types: [...draft.event_types] }),
  };
  return Object.keys(change).length > 0 ? change : undefined;
}

const isSame = (one: readonly EventType[], other: readonly EventType[]): boolean =>
  one.length === other.length && one.every((type) => other.includes(type));
