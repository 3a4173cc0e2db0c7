import { versionEvents } from '../../../functions/domain/events/group-events.ts';
import type { Transition } from '../../../functions/domain/group/change.ts';
import type { Phase } from '../../../functions/domain/group/phase.ts';
import type { Bill } from './bill.ts';
import { VIRGINIA } from './prices.ts';

const RESULT = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const UNIT = 1024;
/** Bytes of an event record beside its body: keys, type, version, expiry, and the names of its attributes. */
const ROW = 220;
/** Write units of the mark in the schedule record, and of the entry in the index of due groups, out and in. */
const MARK_UNITS = 3;

/** A version that is announced: how many statuses changed, and how the phase moved. */
interface Version {
  readonly changed: number;
  readonly previousPhase: Phase | undefined;
  readonly phase: Phase;
}
export const VERSIONS: Readonly<Record<string, (items: number) => Version>> = {
  first: () => ({ changed: 0, previousPhase: undefined, phase: 'active' }),
  'one status changed': () => ({ changed: 1, previousPhase: 'active', phase: 'active' }),
  'all settled': (items) => ({ changed: items, previousPhase: 'active', phase: 'settled' }),
};

const transition = (_: unknown, i: number): Transition => ({
  verificationId: RESULT.replace(/^.{8}/, String(i).padStart(8, '0')),
  from: 'IN_PROGRESS',
  to: 'COMPLETED',
});

/** The bytes of each event of a version of a group of `items` verifications. */
export function eventBytes(items: number, { changed, previousPhase, phase }: Version): number[] {
  const events = versionEvents(RESULT, {
    version: 2,
    publishedAt: Date.parse('2026-11-29T00:00:00Z'),
    totalText: String(items),
    overallStatusText: phase === 'settled' ? '"COMPLETED"' : '"IN_PROGRESS"',
    phase,
    previousPhase,
    statusCounts: [['IN_PROGRESS', items - changed], ...(changed > 0 ? [['COMPLETED', changed] as const] : [])],
    transitions: Array.from({ length: changed }, transition),
    added: previousPhase === undefined ? items : 0,
    removed: 0,
    changed,
    confirmedUntil: undefined,
    supersededAt: undefined,
    expires: undefined,
  });
  return events.map((event) => Buffer.byteLength(JSON.stringify(event)));
}

/** Dollars to announce one version: the bus, the event records and the marks. */
export function announced(bytes: readonly number[]): Bill {
  const units = bytes.reduce((sum, one) => sum + Math.ceil((one + ROW) / UNIT), MARK_UNITS);
  return { EventBridge: bytes.length * VIRGINIA('event'), DynamoDB: units * VIRGINIA('writeUnit') };
}
