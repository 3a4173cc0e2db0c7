import {
  ACT_EVENTS,
  ActEvent,
  type EventType,
  VERSION_EVENTS,
  VersionEvent,
} from '../../../functions/domain/events/event.ts';
import { actEvent, versionEvents } from '../../../functions/domain/events/group-events.ts';
import type { Recorded } from '../../../functions/domain/store/ports.ts';
import { content } from './content.ts';
import type { Schemas } from './json-schema.ts';
import { GROUP, VERIFICATION } from './operations/operation.ts';

interface EventText {
  readonly summary: string;
  /** When the event is sent. */
  readonly description: string;
}

const TEXTS: Readonly<Record<EventType, EventText>> = {
  'group.created': {
    summary: 'A group has its first version',
    description:
      'Sent for the first version of a group. It is also sent for the first version after an erasure, and for the ' +
      'first version of a group that the service had forgotten. `previous_version` and `previous_phase` are null.',
  },
  'group.updated': {
    summary: 'A group has a further version',
    description:
      'Sent for each version after the first one: the content of the group changed. Renewed file links and a redaction ' +
      'make no version.',
  },
  'group.settled': {
    summary: 'A group became settled',
    description:
      'Sent beside `group.created` or `group.updated` of a version whose phase is settled, where the phase before was ' +
      'another one or there was none. The data are the same.',
  },
  'group.reopened': {
    summary: 'A group is not settled any more',
    description:
      'Sent beside `group.updated` of a version whose phase is not settled, where the phase before was settled. The ' +
      'data are the same.',
  },
  'group.erased': {
    summary: 'A group was erased',
    description:
      'Sent after an admin erased the group, or after the service erased it at the end of its retention. It ends all ' +
      'versions up to `version`. Events of these versions that were not sent yet are not sent.',
  },
  'group.redacted': {
    summary: 'A group was redacted',
    description:
      'Sent after the first redaction of a group. Reads of all its versions are redacted from then on. Later versions ' +
      'are announced as before.',
  },
};

/**
 * The `webhooks` of the OpenAPI document: one entry for each type of event, with the schema that the service makes the
 * event with.
 */
export const webhooks = (schemas: Schemas): object =>
  Object.fromEntries([
    ...VERSION_EVENTS.map((type) => [type, { post: operation(type, schemas.of(VersionEvent, 'output')) }]),
    ...ACT_EVENTS.map((type) => [type, { post: operation(type, schemas.of(ActEvent, 'output')) }]),
  ]);

function operation(type: EventType, schema: object): object {
  const { summary, description } = TEXTS[type];
  return {
    operationId: type.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase()),
    summary,
    description,
    requestBody: { required: true, content: { 'application/json': content(schema, exampleOf(type)) } },
  };
}

const FIRST = Date.UTC(2026, 10, 29, 0, 6, 41, 333);
const MINUTE_MS = 60_000;
const created: Recorded = {
  version: 1,
  publishedAt: FIRST,
  totalText: '3',
  overallStatusText: '"IN_PROGRESS"',
  phase: 'active',
  previousPhase: undefined,
  statusCounts: [
    ['COMPLETED', 2],
    ['IN_PROGRESS', 1],
  ],
  added: 3,
  removed: 0,
  changed: 0,
  transitions: [],
  confirmedUntil: undefined,
  supersededAt: undefined,
  expires: undefined,
};
const completed: Recorded = {
  ...created,
  version: 2,
  publishedAt: FIRST + MINUTE_MS,
  overallStatusText: '"COMPLETED"',
  phase: 'settled',
  previousPhase: 'active',
  statusCounts: [['COMPLETED', 3]],
  added: 0,
  changed: 1,
  transitions: [{ verificationId: VERIFICATION, from: 'IN_PROGRESS', to: 'COMPLETED' }],
};
const retried: Recorded = {
  ...completed,
  version: 3,
  publishedAt: FIRST + 60 * MINUTE_MS,
  overallStatusText: '"IN_PROGRESS"',
  phase: 'active',
  previousPhase: 'settled',
  statusCounts: created.statusCounts,
  transitions: [{ verificationId: VERIFICATION, from: 'COMPLETED', to: 'IN_PROGRESS' }],
};

/** The events of one group, from its first version to its erasure. */
const EVENTS = [
  ...[created, completed, retried].flatMap((one) => versionEvents(GROUP, one)),
  actEvent('group.redacted', GROUP, 3, FIRST + 70 * MINUTE_MS),
  actEvent('group.erased', GROUP, 3, FIRST + 90 * MINUTE_MS),
];
const exampleOf = (type: EventType) => EVENTS.find((event) => event.type === type);
