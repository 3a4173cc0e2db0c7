import { describe, expect, it } from 'vitest';
import type { VersionEvent } from '../../../../../functions/domain/events/event.ts';
import { actEvent } from '../../../../../functions/domain/events/group-events.ts';
import { eventLine } from '../../../../../lib/local/events/event-line.ts';

const ID = '88888888-8888-4888-8888-888888888888';
const AT = Date.parse('2026-11-29T08:15:30.500Z');
const ON_BUS = '2026-11-29T08:15:30.912Z';

type Version = ReturnType<typeof VersionEvent.parse>;

const version = (type: Version['type'], data: Partial<Version['data']> = {}): Version => ({
  id: `evt_${'x'.repeat(22)}`,
  type,
  timestamp: new Date(AT).toISOString(),
  data: {
    result_id: ID,
    version: 2,
    previous_version: 1,
    phase: 'settled',
    previous_phase: 'active',
    overall_status: 'COMPLETED',
    total: 2,
    status_counts: { COMPLETED: 2 },
    transitions: [{ verification_id: 'ver_1', from: 'IN_PROGRESS', to: 'COMPLETED' }],
    transitions_truncated: false,
    transitions_left_out: 0,
    added: 0,
    removed: 0,
    changed: 1,
    ...data,
  },
});
const lineOf = (event: Version | ReturnType<typeof actEvent>, acceptedAt = ON_BUS) =>
  eventLine({
    bus: 'main',
    acceptedAt,
    event: { source: 'anycheck-snapshots', 'detail-type': event.type, detail: event },
  });

describe('the line of an event', () => {
  it('has the time, the delay since the publish, type, group, version, phases, statuses and changes', () => {
    expect(lineOf(version('group.updated'))).toBe(
      `2026-11-29T08:15:30.912Z  +0.41s group.updated  ${ID} v2 active -> settled; COMPLETED: 2 COMPLETED; ver_1 IN_PROGRESS -> COMPLETED; 1 changed`,
    );
  });

  it('of a first version has one phase and the number of verifications that came', () => {
    const first: Partial<Version['data']> = {
      version: 1,
      previous_version: null,
      phase: 'active',
      previous_phase: null,
      overall_status: 'IN_PROGRESS',
      status_counts: { IN_QUEUE: 1, OTHER: 1 },
      transitions: [],
      added: 2,
      changed: 0,
    };
    expect(lineOf(version('group.created', first))).toMatch(
      /group\.created {2}\S+ v1 active; IN_PROGRESS: 1 IN_QUEUE, 1 OTHER; 2 added$/,
    );
    const empty = { ...first, total: 0, status_counts: {}, added: 0 };
    expect(lineOf(version('group.created', empty))).toMatch(/v1 active; IN_PROGRESS: 0 verifications$/);
  });

  it('shows three transitions and counts the others', () => {
    const transitions = (count: number) =>
      Array.from(
        { length: count },
        (_, at) => ({ verification_id: `ver_${at}`, from: 'DRAFT', to: 'FAILED' }) as const,
      );
    const shown = 'ver_0 DRAFT -> FAILED, ver_1 DRAFT -> FAILED, ver_2 DRAFT -> FAILED';
    const lineWith = (data: Partial<Version['data']>) => lineOf(version('group.reopened', { changed: 9, ...data }));
    expect(lineWith({ transitions: transitions(3) })).toContain(`; ${shown}; 9 changed`);
    expect(lineWith({ transitions: transitions(4) })).toContain(`; ${shown}, 1 more transition; 9 changed`);
    expect(lineWith({ transitions: transitions(5), transitions_left_out: 2 })).toContain(
      `${shown}, 4 more transitions;`,
    );
    expect(lineWith({ transitions: transitions(100), transitions_truncated: true })).toContain(
      `${shown}, over 97 more transitions;`,
    );
    expect(lineWith({ transitions: [], transitions_left_out: 1 })).toContain('; 1 more transition; 9 changed');
  });

  it('of an erasure and of a redaction has the version at that moment', () => {
    expect(lineOf(actEvent('group.erased', ID, 2, AT))).toBe(
      `2026-11-29T08:15:30.912Z  +0.41s group.erased   ${ID} v2 erased up to this version`,
    );
    expect(lineOf(actEvent('group.redacted', ID, 3, AT), '2026-11-29T09:15:30.500Z')).toBe(
      `2026-11-29T09:15:30.500Z +3600.00s group.redacted ${ID} v3 redacted`,
    );
  });

  it('of another source has the source and the bus', () => {
    const event = { source: 'shop', 'detail-type': 'paid', detail: { order: 1 } };
    expect(eventLine({ bus: 'main', acceptedAt: ON_BUS, event })).toBe(
      '2026-11-29T08:15:30.912Z         paid           from shop on main',
    );
  });

  it('is one line, and leaves a terminal as it is, whatever the event contains', () => {
    const transitions = [{ verification_id: '\u001b[2J\n\u202e', from: 'DRAFT', to: 'FAILED' } as const];
    expect(lineOf(version('group.updated', { transitions }))).toContain('; ?[2J?? DRAFT -> FAILED;');
    const event = { source: 'a\u0007\r', 'detail-type': '\u2028', detail: null };
    expect(eventLine({ bus: 'main', acceptedAt: ON_BUS, event })).toMatch(/ \? +from a\?\? on main$/);
  });
});
