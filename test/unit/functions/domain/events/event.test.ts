import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACT_EVENTS,
  EVENT_TYPES,
  type EventType,
  GroupEvent,
  MAX_ID_LENGTH,
  MAX_TRANSITIONS,
} from '../../../../../functions/domain/events/event.ts';
import { OTHER } from '../../../../../functions/domain/events/event-names.ts';
import { actEvent, versionEvents } from '../../../../../functions/domain/events/group-events.ts';
import { PHASES, STATUSES } from '../../../../../functions/domain/group/phase.ts';
import { resultIdFrom } from '../../../../../functions/domain/group/result-id.ts';
import type { Recorded } from '../../../../../functions/domain/store/ports.ts';
import { PUBLISHED_AT, recordedAs, recordeds } from '../../../../fakes/recorded.ts';

const GROUP = '11111111-1111-4111-8111-111111111111';
const MAX_BYTES = 20 * 1024;

const typesOf = (recorded: Partial<Recorded>) => versionEvents(GROUP, recordedAs(recorded)).map(({ type }) => type);
/** What the first event of a version says. */
function dataOf(recorded: Partial<Recorded>) {
  const [event] = versionEvents(GROUP, recordedAs(recorded));
  if (event === undefined || !('transitions' in event.data)) throw new Error('a version has an event');
  return event.data;
}
const transition = (verificationId: string) => ({ verificationId, from: 'IN_PROGRESS', to: 'COMPLETED' });

describe('the events of a version', () => {
  it.each([
    [undefined, 'active', ['group.created']],
    [undefined, 'settled', ['group.created', 'group.settled']],
    ['active', 'waiting', ['group.updated']],
    ['active', 'active', ['group.updated']],
    ['waiting', 'settled', ['group.updated', 'group.settled']],
    ['settled', 'settled', ['group.updated']],
    ['settled', 'active', ['group.updated', 'group.reopened']],
    ['settled', 'waiting', ['group.updated', 'group.reopened']],
  ] as const)('of the phase %s before and %s now are %j', (previousPhase, phase, types) => {
    expect(typesOf({ previousPhase, phase })).toEqual(types);
  });

  it('name the version and the phase before, and null where there is none', () => {
    expect(dataOf({ version: 5, previousPhase: 'waiting' })).toMatchObject({
      version: 5,
      previous_version: 4,
      phase: 'settled',
      previous_phase: 'waiting',
    });
    // The first version after an erasure goes on with the numbering.
    expect(dataOf({ version: 5, previousPhase: undefined })).toMatchObject({
      version: 5,
      previous_version: null,
      previous_phase: null,
    });
  });

  it('hold the counts and transitions of the change record, and nothing else of the group', () => {
    expect(versionEvents(GROUP, recordedAs())[0]).toEqual({
      id: expect.stringMatching(/^evt_[\w-]{22}$/),
      type: 'group.updated',
      timestamp: '2026-11-29T00:08:03.729Z',
      data: {
        result_id: GROUP,
        version: 5,
        previous_version: 4,
        phase: 'settled',
        previous_phase: 'waiting',
        overall_status: 'COMPLETED',
        total: 3,
        status_counts: { COMPLETED: 3 },
        transitions: [{ verification_id: 'a', from: 'IN_PROGRESS', to: 'COMPLETED' }],
        transitions_truncated: false,
        transitions_left_out: 0,
        added: 0,
        removed: 0,
        changed: 1,
      },
    });
  });

  it('hold equal data, and differ in type and id', () => {
    const [updated, settled] = versionEvents(GROUP, recordedAs());
    expect(settled?.data).toEqual(updated?.data);
    expect(settled?.timestamp).toBe(updated?.timestamp);
    expect(settled?.id).not.toBe(updated?.id);
  });

  it('hold 100 transitions at most, the first ones, and say whether there are more', () => {
    const some = Array.from({ length: MAX_TRANSITIONS + 1 }, (_, i) => transition(`id-${i}`));
    expect(dataOf({ transitions: some.slice(1) })).toMatchObject({ transitions_truncated: false });
    const data = dataOf({ transitions: some });
    expect(data.transitions_truncated).toBe(true);
    expect(data.transitions.map((one) => one.verification_id)).toEqual(
      some.slice(0, MAX_TRANSITIONS).map((one) => one.verificationId),
    );
  });

  it('hold fewer transitions where their ids take much room', () => {
    const wide = Array.from({ length: MAX_TRANSITIONS }, () => transition('\u0001'.repeat(MAX_ID_LENGTH)));
    const data = dataOf({ transitions: wide });
    expect(data.transitions.length).toBeGreaterThan(30);
    expect(data.transitions.length).toBeLessThan(MAX_TRANSITIONS);
    expect(data.transitions_truncated).toBe(true);
  });

  it('leave out and count transitions whose id has over 64 characters', () => {
    const [short, long] = ['s'.repeat(MAX_ID_LENGTH), 'l'.repeat(MAX_ID_LENGTH + 1)];
    expect(dataOf({ transitions: [transition(long), transition(short), transition(long)] })).toMatchObject({
      transitions: [{ verification_id: short }],
      transitions_truncated: false,
      transitions_left_out: 2,
    });
  });

  it('leave out and count transitions whose id holds half of a surrogate pair', () => {
    const data = dataOf({ transitions: [transition('a\ud800'), transition('a')] });
    expect(data.transitions.map((one) => one.verification_id)).toEqual(['a']);
    expect(data.transitions_left_out).toBe(1);
  });

  it('are made of every group that the service accepts: a UUID of any version', () => {
    const digits = fc.array(fc.constantFrom(...'0123456789abcdefABCDEF'), { minLength: 32, maxLength: 32 });
    const ids = digits.map((all) => all.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
    fc.assert(
      fc.property(ids, (id) => {
        const group = resultIdFrom(id) ?? '';
        for (const event of [...versionEvents(group, recordedAs()), actEvent('group.erased', group, 1, PUBLISHED_AT)]) {
          expect(event.data.result_id).toBe(group);
        }
      }),
    );
  });

  it('name an undocumented and a missing status OTHER', () => {
    const data = dataOf({
      overallStatusText: '"ESCALATED"',
      transitions: [{ verificationId: 'a', from: null, to: 'ESCALATED' }],
    });
    expect(data.overall_status).toBe(OTHER);
    expect(data.transitions).toEqual([{ verification_id: 'a', from: OTHER, to: OTHER }]);
    expect(dataOf({ overallStatusText: 'null' }).overall_status).toBe(OTHER);
  });
});

describe('an event of an erasure or a redaction', () => {
  it.each(ACT_EVENTS)('%s holds the group and the version alone', (type) => {
    expect(actEvent(type, GROUP, 7, PUBLISHED_AT)).toEqual({
      id: expect.stringMatching(/^evt_[\w-]{22}$/),
      type,
      timestamp: '2026-11-29T00:08:03.729Z',
      data: { result_id: GROUP, version: 7 },
    });
  });

  it('has the version 0 where the group had none', () => {
    expect(actEvent('group.erased', GROUP, 0, PUBLISHED_AT).data).toEqual({ result_id: GROUP, version: 0 });
  });
});

describe('an event of any group', () => {
  const events = recordeds.map((recorded) => versionEvents(GROUP, recorded));
  const each = (check: (event: GroupEvent) => void) =>
    fc.assert(
      fc.property(events, (all) => all.forEach(check)),
      { numRuns: 300 },
    );

  it('takes 20 KB at most', () => {
    each((event) => expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(MAX_BYTES));
  });

  it('has its schema as a consumer reads it', () => {
    each((event) => {
      const text = JSON.stringify(event);
      expect(JSON.stringify(GroupEvent.parse(JSON.parse(text)))).toBe(text);
    });
  });

  it('is the same text whenever it is made', () => {
    fc.assert(
      fc.property(recordeds, (recorded) => {
        const text = () => JSON.stringify(versionEvents(GROUP, recorded));
        expect(text()).toBe(text());
      }),
    );
  });

  it('holds no text but ids of verifications, documented statuses and words of the service', () => {
    const own = new Set<unknown>([GROUP, ...EVENT_TYPES, ...PHASES, ...STATUSES, OTHER]);
    each(({ id, timestamp, ...event }) => {
      expect(id).toMatch(/^evt_[\w-]{22}$/);
      expect(new Date(timestamp).toISOString()).toBe(timestamp);
      JSON.parse(JSON.stringify(event), (key, value) => {
        if (key === 'verification_id') expect(value.length).toBeLessThanOrEqual(MAX_ID_LENGTH);
        else if (typeof value === 'string') expect(own).toContain(value);
        if (key === 'status_counts') for (const name of Object.keys(value)) expect(own).toContain(name);
        return value;
      });
    });
  });

  it('holds no mark of a status or of a long id', () => {
    const marked = fc.tuple(recordeds, fc.uuid()).map(([recorded, uuid]) => {
      const mark = `MARK-${uuid}`;
      const long = mark.padEnd(MAX_ID_LENGTH + 1, '-');
      const planted = [
        { verificationId: 'a', from: mark, to: 'COMPLETED' },
        { verificationId: 'b', from: 'COMPLETED', to: mark },
        { verificationId: long, from: 'DRAFT', to: mark },
        { verificationId: `${'-'.repeat(MAX_ID_LENGTH)}${mark}`, from: null, to: null },
      ];
      return {
        mark,
        recorded: {
          ...recorded,
          overallStatusText: JSON.stringify(mark),
          transitions: [...planted, ...recorded.transitions],
        },
      };
    });
    fc.assert(
      fc.property(marked, ({ mark, recorded }) => {
        for (const event of versionEvents(GROUP, recorded)) expect(JSON.stringify(event)).not.toContain(mark);
      }),
    );
  });
});

/** Phases of a version that has an event of a type. */
const PHASES_WITH: Readonly<Record<string, Pick<Recorded, 'phase' | 'previousPhase'>>> = {
  'group.created': { previousPhase: undefined, phase: 'active' },
  'group.updated': { previousPhase: 'active', phase: 'active' },
  'group.settled': { previousPhase: 'active', phase: 'settled' },
  'group.reopened': { previousPhase: 'settled', phase: 'active' },
};

interface Identity {
  readonly resultId: string;
  readonly version: number;
  readonly type: EventType;
  readonly at: number;
}

describe('the id of an event', () => {
  const identities: fc.Arbitrary<Identity> = fc.record({
    resultId: fc.uuid(),
    version: fc.integer({ min: 1, max: 1_000 }),
    type: fc.constantFrom(...EVENT_TYPES),
    at: fc.integer({ min: PUBLISHED_AT, max: PUBLISHED_AT + 1_000 }),
  });
  const keyOf = ({ resultId, version, type, at }: Identity) => [resultId, version, type, at].join();
  const idOf = ({ resultId, version, type, at }: Identity, more: Partial<Recorded> = {}): string | undefined => {
    const act = ACT_EVENTS.find((one) => one === type);
    if (act) return actEvent(act, resultId, version, at).id;
    const recorded = recordedAs({ version, publishedAt: at, ...PHASES_WITH[type], ...more });
    return versionEvents(resultId, recorded).find((one) => one.type === type)?.id;
  };

  it('stays the same, whatever else the change record says', () => {
    fc.assert(
      fc.property(identities, fc.nat(50_000), (one, changed) => {
        expect(idOf(one)).toMatch(/^evt_/);
        expect(idOf(one, { changed, totalText: String(changed), transitions: [] })).toBe(idOf(one));
      }),
    );
  });

  it('differs for another group, version, type or time', () => {
    fc.assert(
      fc.property(fc.uniqueArray(identities, { selector: keyOf, maxLength: 50 }), (all) => {
        expect(new Set(all.map((one) => idOf(one))).size).toBe(all.length);
      }),
    );
    const one: Identity = { resultId: GROUP, version: 1, type: 'group.erased', at: PUBLISHED_AT };
    const others: Identity[] = [
      { ...one, resultId: GROUP.replace('1', '2') },
      { ...one, version: 2 },
      { ...one, type: 'group.redacted' },
      // Two erasures of a group can share a version.
      { ...one, at: PUBLISHED_AT + 1 },
    ];
    expect(new Set([one, ...others].map((other) => idOf(other))).size).toBe(5);
  });
});
