import { membersOf, objectSource, stringMemberOf } from '../json-source.ts';
import { type Life, stageAt, visibleAt } from './life.ts';
import { signLinks } from './links.ts';

/** One verification, kept as JSON source text so that no digit is lost. */
export interface Verification {
  id: string | undefined;
  /** The source's own status, which counts where there is no life. */
  status: string;
  /** The whole of it, as it is once it has completed; served as it is where there is no life. */
  source: string;
  /** Undefined: it stands still. */
  life: Life | undefined;
}

export function verificationFrom(source: string): Verification {
  const status = stringMemberOf(source, 'status') ?? '';
  return { id: stringMemberOf(source, 'id'), status, source, life: undefined };
}

/** The status now; an empty text where the source has none. */
export function statusOf({ status, life }: Verification, now: number): string {
  return life === undefined ? status : stageAt(life, now).status;
}

/** The source text that a client gets now. Fields that the source doesn't have are not added, but for `status`. */
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

/** An instant as AnyCheck writes it: UTC, whole seconds, as JSON source. */
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
