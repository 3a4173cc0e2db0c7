import { membersOf, objectSource, stringMemberOf } from '../json-source.ts';
import { type Life, stageAt, visibleAt } from './life.ts';
import { signLinks } from './links.ts';

/** One verification as JSON source text, so that no digit is lost. */
export interface Verification {
  id: string | undefined;
  /** The source's own status, which is used without a life cycle. */
  status: string;
  /** The completed verification. Without a life cycle it is served unchanged. */
  source: string;
  /** Undefined: the verification never changes. */
  life: Life | undefined;
}

export function verificationFrom(source: string): Verification {
  const status = stringMemberOf(source, 'status') ?? '';
  return { id: stringMemberOf(source, 'id'), status, source, life: undefined };
}

/** The status at `now` (milliseconds since the epoch); an empty text where the source has none. */
export function statusOf({ status, life }: Verification, now: number): string {
  return life === undefined ? status : stageAt(life, now).status;
}

/**
 * The source text that a client gets at `now` (milliseconds since the epoch). It adds no missing field except `status`.
 */
export function renderVerification(verification: Verification, now: number, signed: boolean): string {
  const { source, life } = verification;
  if (life === undefined && !signed) return source;
  const members = membersOf(source);
  const changes = life === undefined ? new Map<string, string>() : changesAt(life, now);
  const rendered = members.map(([key, value]): [string, string] => {
    const current = changes.get(key) ?? value;
    return [key, signed && key.endsWith('_file_url') ? signLinks(current, now) : current];
  });
  const status = changes.get('status');
  if (status !== undefined && !members.some(([key]) => key === 'status')) rendered.push(['status', status]);
  return objectSource(rendered);
}

/** A time in AnyCheck's format, UTC with whole seconds, as JSON source text. */
export function timeSource(epochMs: number): string {
  return JSON.stringify(new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z'));
}

function changesAt(life: Life, now: number): Map<string, string> {
  const { status, since } = stageAt(life, now);
  const visible = visibleAt(status);
  const changes = new Map([
    ['status', JSON.stringify(status)],
    ['start_date', visible.started ? timeSource(life.startedAt) : 'null'],
    ['end_date', visible.over ? timeSource(since) : 'null'],
    ['updated_at', timeSource(since)],
  ]);
  const hide = (keys: string[], value: string) => {
    for (const key of keys) changes.set(key, value);
  };
  if (!visible.output) hide(['output', 'output_file_url', 'export_file_url', 'execution_time'], 'null');
  if (!visible.output) hide(['credit_used'], '0');
  if (!visible.verdict) hide(['output_status'], 'null');
  return changes;
}
