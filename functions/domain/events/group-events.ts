import * as z from 'zod/mini';
import type { Transition } from '../group/change.ts';
import type { Recorded } from '../store/ports.ts';
import {
  type ACT_EVENTS,
  ActEvent,
  type EventTransition,
  type EventType,
  type GroupEvent,
  MAX_ID_LENGTH,
  MAX_TRANSITIONS,
  MAX_TRANSITIONS_BYTES,
  type VERSION_EVENTS,
  VersionEvent,
  type VersionEventData,
} from './event.ts';
import { eventIdOf } from './event-id.ts';
import { eventStatus } from './event-names.ts';

/**
 * Returns the events of a version: `group.created` for a first version or `group.updated` for a later one, and beside it
 * `group.settled` or `group.reopened` where the phase becomes or leaves settled.
 */
export function versionEvents(resultId: string, recorded: Recorded): GroupEvent[] {
  const { version, publishedAt, phase, previousPhase } = recorded;
  const previous = previousOf(recorded);
  // A record of earlier code does not say which phase the version before had.
  const isPhaseKnown = previous === null || previousPhase !== undefined;
  const data = versionData(resultId, recorded);
  const event = (type: (typeof VERSION_EVENTS)[number]) =>
    VersionEvent.parse({ ...headOf({ resultId, version, type, at: publishedAt }), type, data });
  return [
    event(previous === null ? 'group.created' : 'group.updated'),
    ...(isPhaseKnown && phase === 'settled' && previousPhase !== 'settled' ? [event('group.settled')] : []),
    ...(phase !== 'settled' && previousPhase === 'settled' ? [event('group.reopened')] : []),
  ];
}

/** Returns the event of an erasure or a redaction. @param at ms since the epoch. */
export const actEvent = (
  type: (typeof ACT_EVENTS)[number],
  resultId: string,
  version: number,
  at: number,
): GroupEvent =>
  ActEvent.parse({ ...headOf({ resultId, version, type, at }), type, data: { result_id: resultId, version } });

/** A group that was forgotten begins with other times, and two erasures can share a version: so the id contains the time. */
const headOf = ({ at, ...of }: { resultId: string; version: number; type: EventType; at: number }) => ({
  id: eventIdOf(of.resultId, of.version, of.type, at),
  timestamp: new Date(at).toISOString(),
});

function versionData(resultId: string, recorded: Recorded): z.input<typeof VersionEventData> {
  const { version, phase, previousPhase, overallStatusText, totalText, statusCounts, added, removed, changed } =
    recorded;
  const short = recorded.transitions.filter(
    ({ verificationId: id }) => id.length <= MAX_ID_LENGTH && id.isWellFormed(),
  );
  const transitions = fitting(short);
  return {
    result_id: resultId,
    version,
    previous_version: previousOf(recorded),
    phase,
    previous_phase: previousPhase ?? null,
    overall_status: eventStatus(z.nullable(z.string()).parse(JSON.parse(overallStatusText))),
    total: Number(totalText),
    status_counts: Object.fromEntries(statusCounts ?? []),
    transitions,
    transitions_truncated: transitions.length < short.length,
    transitions_left_out: recorded.transitions.length - short.length,
    added,
    removed,
    changed,
  };
}

/** Returns the version before; null for a first version. A record of earlier code says nothing of the version before. */
const previousOf = ({ version, previousPhase, statusCounts }: Recorded): number | null =>
  previousPhase !== undefined || (statusCounts === undefined && version > 1) ? version - 1 : null;

/** Returns the first transitions, as many as an event holds. */
function fitting(transitions: readonly Transition[]) {
  const some: z.input<typeof EventTransition>[] = [];
  let bytes = 0;
  for (const { verificationId, from, to } of transitions.slice(0, MAX_TRANSITIONS)) {
    const one = { verification_id: verificationId, from: eventStatus(from), to: eventStatus(to) };
    bytes += Buffer.byteLength(JSON.stringify(one)) + 1;
    if (bytes > MAX_TRANSITIONS_BYTES) break;
    some.push(one);
  }
  return some;
}
