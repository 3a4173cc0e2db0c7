import fc from 'fast-check';
import { eventCounts } from '../../functions/domain/events/event-names.ts';
import type { Transition } from '../../functions/domain/group/change.ts';
import { PHASES, STATUSES } from '../../functions/domain/group/phase.ts';
import type { Recorded } from '../../functions/domain/store/ports.ts';

export const PUBLISHED_AT = Date.UTC(2026, 10, 29, 0, 8, 3, 729);

/** The change record of a version that completed one of three verifications. */
export const recordedAs = (more: Partial<Recorded> = {}): Recorded => ({
  version: 5,
  publishedAt: PUBLISHED_AT,
  totalText: '3',
  overallStatusText: '"COMPLETED"',
  phase: 'settled',
  previousPhase: 'waiting',
  statusCounts: [['COMPLETED', 3]],
  added: 0,
  removed: 0,
  changed: 1,
  transitions: [{ verificationId: 'a', from: 'IN_PROGRESS', to: 'COMPLETED' }],
  confirmedUntil: undefined,
  supersededAt: undefined,
  expires: undefined,
  ...more,
});

/** Ids as AnyCheck may send them: up to 1,000 characters, of any sort, also halves of surrogate pairs. */
const units = fc.constantFrom('a', '😀', '\u0001', '"', '\\', 'é', '字', '\ud800', '\udc00', '\u2028');
const ids = fc.oneof(
  fc.uuid(),
  fc.string({ minLength: 1, maxLength: 64, unit: 'binary' }),
  fc.tuple(units, fc.integer({ min: 1, max: 80 })).map(([unit, length]) => unit.repeat(length)),
  fc.integer({ min: 60, max: 1_000 }).map((length) => 'x'.repeat(length)),
);
const statuses = fc.option(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...STATUSES) },
    fc.string({ maxLength: 1_000, unit: 'binary' }),
    fc.constantFrom('', 'constructor', '__proto__', 'OTHER', '\ud800', 'completed'),
  ),
);
const transitions: fc.Arbitrary<Transition> = fc.record({ verificationId: ids, from: statuses, to: statuses });
/** Up to 10,000 transitions, made of a few. */
const manyTransitions = fc
  .tuple(fc.array(transitions, { maxLength: 200 }), fc.constantFrom(1, 1, 7, 50))
  .map(([some, times]) => Array.from({ length: times }, () => some).flat());

/** Whole numbers up to the largest that AnyCheck's answers may have, in the spellings of JSON. */
const totals = fc.oneof(
  fc.nat(50_000).map(String),
  fc.maxSafeNat().map(String),
  fc.tuple(fc.nat(9_999), fc.constantFrom('.0', '.000', 'e0', 'E+3')).map((parts) => parts.join('')),
  fc.constantFrom('0', '-0'),
);
const counts = fc.nat(50_000);

/** Change records of any group. */
export const recordeds: fc.Arbitrary<Recorded> = fc
  .record({
    version: fc.integer({ min: 1, max: 1_000_000_000 }),
    publishedAt: fc.integer({ min: Date.UTC(2026), max: Date.UTC(2126) }),
    totalText: totals,
    overallStatus: statuses,
    phase: fc.constantFrom(...PHASES),
    previousPhase: fc.option(fc.constantFrom(...PHASES), { nil: undefined }),
    statuses: fc.array(statuses, { maxLength: 40 }),
    added: counts,
    removed: counts,
    changed: counts,
    transitions: manyTransitions,
  })
  .map(({ overallStatus, statuses: items, ...one }) =>
    recordedAs({ ...one, overallStatusText: JSON.stringify(overallStatus), statusCounts: eventCounts(items) }),
  );
