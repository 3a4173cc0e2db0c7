import * as z from 'zod/mini';
import { STATUSES } from '../group/phase.ts';
import { PhaseName } from '../group/status.ts';
import { OTHER } from './event-names.ts';

/** The types of events about a version. */
export const VERSION_EVENTS = ['group.created', 'group.updated', 'group.settled', 'group.reopened'] as const;
/** The types of events about an act of an operator. */
export const ACT_EVENTS = ['group.erased', 'group.redacted'] as const;
export const EVENT_TYPES = [...VERSION_EVENTS, ...ACT_EVENTS] as const;

/** Limits of an event: its transitions, characters of a verification's id, and bytes of the transitions' JSON. */
export const MAX_TRANSITIONS = 100;
export const MAX_ID_LENGTH = 64;
export const MAX_TRANSITIONS_BYTES = 16_000;

const meta = (description: string) => z.meta({ description });
const count = z.int().check(z.minimum(0));

const EventStatus = z.enum([...STATUSES, OTHER]).check(
  z.meta({
    id: 'EventStatus',
    description: 'A status that AnyCheck documents, or OTHER for any other status and for a missing one.',
  }),
);

export const EventTransition = z
  .object({ verification_id: z.string().check(z.maxLength(MAX_ID_LENGTH)), from: EventStatus, to: EventStatus })
  .check(z.meta({ id: 'EventTransition' }));

// The service accepts a UUID of any version, as AnyCheck does.
const resultId = z.guid().check(meta('The id of the group.'));

/** What an event says of a version. Of AnyCheck's data, only ids and statuses pass. */
export const VersionEventData = z
  .object({
    result_id: resultId,
    version: z.int().check(z.minimum(1), meta('Consumers order the events of a group by it.')),
    previous_version: z
      .nullable(z.int())
      .check(
        meta(
          'null for the first version of a group, also after an erasure or where the group was forgotten meanwhile.',
        ),
      ),
    phase: PhaseName,
    previous_phase: z.nullable(PhaseName),
    overall_status: EventStatus,
    total: count.check(meta('How many verifications the group has.')),
    status_counts: z.partialRecord(EventStatus, count),
    transitions: z
      .array(EventTransition)
      .check(
        z.maxLength(MAX_TRANSITIONS),
        meta('The verifications whose status differs from the version before, in the order of the list.'),
      ),
    transitions_truncated: z.boolean().check(meta('Whether there are more transitions than the event holds.')),
    transitions_left_out: count.check(
      meta(
        `How many transitions are left out because the id has over ${MAX_ID_LENGTH} characters, or is no valid Unicode.`,
      ),
    ),
    added: count,
    removed: count,
    changed: count,
  })
  .check(z.meta({ id: 'VersionEventData' }));

/** What an event says of an erasure or a redaction. */
const ActEventData = z
  .object({
    result_id: resultId,
    version: count.check(
      meta('The current version at that moment, 0 where there was none. An erasure ends all versions up to it.'),
    ),
  })
  .check(z.meta({ id: 'ActEventData' }));

/** The id of an event. */
export const EventId = z
  .string()
  .check(z.regex(/^evt_[\w-]{22}$/), meta('Equal in every repetition of the event, and different for every other.'));

const head = {
  id: EventId,
  timestamp: z.iso.datetime().check(meta('When the version was published, or the group was erased or redacted.')),
};

export const VersionEvent = z
  .object({ ...head, type: z.enum(VERSION_EVENTS), data: VersionEventData })
  .check(z.meta({ id: 'VersionEvent' }));
export const ActEvent = z
  .object({ ...head, type: z.enum(ACT_EVENTS), data: ActEventData })
  .check(z.meta({ id: 'ActEvent' }));
export const GroupEvent = z.union([VersionEvent, ActEvent]);
export type GroupEvent = z.output<typeof GroupEvent>;
export type EventType = GroupEvent['type'];
