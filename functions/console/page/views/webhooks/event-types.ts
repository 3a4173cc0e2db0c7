import type { EventType } from './types.ts';

/** Every type of event, with what it tells. The type check requires each. */
const MEANINGS: Readonly<Record<EventType, string>> = {
  'group.created': 'the first version of a group',
  'group.updated': 'each version after it',
  'group.settled': 'a group’s phase becomes settled',
  'group.reopened': 'a group is no longer settled',
  'group.erased': 'a group was erased',
  'group.redacted': 'a group was redacted',
};

/** `Object.entries` loses the names' type. */
export const EVENT_TYPES: readonly (readonly [type: EventType, meaning: string])[] = Object.keys(MEANINGS)
  .filter((type): type is EventType => type in MEANINGS)
  .map((type) => [type, MEANINGS[type]]);

/** Names types of events in a sentence. */
export const eventsText = (types: readonly EventType[]): string =>
  types.length === EVENT_TYPES.length ? 'all' : types.join(', ');
