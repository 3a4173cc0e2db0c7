import { GroupEvent } from '../../../functions/domain/events/event.ts';
import type { BusEvent } from './stream.ts';

type VersionData = Extract<GroupEvent['data'], { readonly phase: unknown }>;

const TYPE_WIDTH = 'group.reopened'.length;
const DELAY_WIDTH = 7;
const MAX_TRANSITIONS = 3;
/** What could move the cursor of a terminal, or break the line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Describes an event of a bus in one line. The line has no colours, and no width but its own.
 *
 * `2026-11-29T08:10:11.123Z  +0.41s group.updated  <result_id> v2 active -> settled; COMPLETED: 3 COMPLETED; …`: the time
 * on the bus, the seconds since the publish, and what the event says. An event of another source has its source instead.
 */
export function eventLine({ bus, acceptedAt, event }: BusEvent): string {
  const type = event['detail-type'].padEnd(TYPE_WIDTH);
  const parsed = GroupEvent.safeParse(event.detail);
  const text = parsed.success
    ? `${delay(parsed.data, acceptedAt)} ${type} ${about(parsed.data)}`
    : `${''.padEnd(DELAY_WIDTH)} ${type} from ${event.source} on ${bus}`;
  return printable(`${acceptedAt} ${text}`);
}

/** Replaces what could break the line of a terminal. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '?');

function delay({ timestamp }: GroupEvent, acceptedAt: string): string {
  const ms = Date.parse(acceptedAt) - Date.parse(timestamp);
  return `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(2)}s`.padStart(DELAY_WIDTH);
}

function about({ type, data }: GroupEvent): string {
  const group = `${data.result_id} v${data.version}`;
  if ('phase' in data) return [`${group} ${phase(data)}`, statuses(data), ...changes(data)].join('; ');
  return `${group} ${type === 'group.erased' ? 'erased up to this version' : 'redacted'}`;
}

const phase = ({ phase: to, previous_phase: from }: VersionData): string =>
  from === null || from === to ? to : `${from} -> ${to}`;

function statuses({ overall_status, total, status_counts }: VersionData): string {
  const counts = Object.entries(status_counts).map(([status, count]) => `${count} ${status}`);
  return `${overall_status}: ${counts.join(', ') || `${total} verifications`}`;
}

function changes(data: VersionData): string[] {
  const counts = (['added', 'removed', 'changed'] as const)
    .filter((name) => data[name] > 0)
    .map((name) => `${data[name]} ${name}`);
  return [transitions(data), counts.join(', ')].filter((text) => text !== '');
}

function transitions(data: VersionData): string {
  const shown = data.transitions.slice(0, MAX_TRANSITIONS);
  const more = data.transitions.length - shown.length + data.transitions_left_out;
  const texts = shown.map(({ verification_id, from, to }) => `${verification_id} ${from} -> ${to}`);
  if (more > 0)
    texts.push(`${data.transitions_truncated ? 'over ' : ''}${more} more transition${more === 1 ? '' : 's'}`);
  return texts.join(', ');
}
