import type { Seeded } from '../../../lib/sandbox/fixtures/seeded.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Item {
  readonly status: string;
  /** How often it was put back into the queue: another run has another output. */
  readonly run: number;
}

interface StatusChange {
  /** ms since the group was submitted. */
  readonly after: number;
  readonly item: number;
  readonly status: string;
}

/** What becomes of a group. */
export interface Life {
  /** `fast`: settled within 10 minutes; `slow`: within 6 hours; `person`: waits for one for up to 10 days. */
  readonly kind: 'fast' | 'slow' | 'person';
  readonly items: readonly Item[];
  /** In the order of time. */
  readonly changes: readonly StatusChange[];
  /** ms since it was submitted at which it is reopened, where it ever is. */
  readonly reopenedAt: number | undefined;
}

/** Of a thousand groups, those that are retried or edited after all was over. */
const REOPENED = 5;
const LAST_REOPENING = 29 * DAY;

export function life(draw: Seeded): Life {
  const among = draw.integer(0, 99);
  const kind = among < 80 ? 'fast' : among < 95 ? 'slow' : 'person';
  const items = Array.from({ length: sizeOf(draw) }, () => ({ status: 'IN_QUEUE', run: 0 }));
  const over = draw.integer(0, 19) === 0 ? 'FAILED' : 'COMPLETED';
  const machine = kind === 'slow' ? draw.integer(10 * MINUTE, 6 * HOUR) : draw.integer(30 * SECOND, 10 * MINUTE);
  const changes = items.flatMap((_, item) => {
    const ends = item === 0 ? machine : draw.integer(machine >> 1, machine);
    const begins = draw.integer(SECOND, Math.min(ends >> 1, MINUTE));
    const end = kind === 'person' && item === 0 ? 'NEED_REVIEW' : over;
    return [
      { after: begins, item, status: 'IN_PROGRESS' },
      { after: ends, item, status: end },
    ];
  });
  if (kind === 'person') changes.push(...reviewed(draw, draw.integer(6 * HOUR, 10 * DAY), over));
  const settled = Math.max(...changes.map(({ after }) => after));
  let reopenedAt: number | undefined;
  if (draw.integer(0, 999) < REOPENED) {
    reopenedAt = settled + draw.integer(10 * MINUTE, LAST_REOPENING - settled);
    changes.push(...again(draw, reopenedAt));
  }
  return { kind, items, changes: changes.toSorted((a, b) => a.after - b.after), reopenedAt };
}

/** Most groups are a person's few documents; one in a thousand takes more than one of AnyCheck's pages. */
function sizeOf(draw: Seeded): number {
  const among = draw.integer(0, 999);
  if (among < 700) return 1;
  if (among < 930) return draw.integer(2, 3);
  if (among < 995) return draw.integer(4, 20);
  return among < 999 ? draw.integer(21, 100) : draw.integer(101, 250);
}

/** A person is done with what waited for review; every other time the machine still has to go on. */
function reviewed(draw: Seeded, after: number, over: string): StatusChange[] {
  if (draw.integer(0, 1) === 0) return [{ after, item: 0, status: over }];
  return [
    { after, item: 0, status: 'IN_PROGRESS' },
    { after: after + draw.integer(10 * SECOND, MINUTE), item: 0, status: over },
  ];
}

/** A retry, or an edit that a person must review. */
function again(draw: Seeded, after: number): StatusChange[] {
  if (draw.integer(0, 1) === 0) {
    const begins = after + draw.integer(SECOND, 20 * SECOND);
    return [
      { after, item: 0, status: 'IN_QUEUE' },
      { after: begins, item: 0, status: 'IN_PROGRESS' },
      { after: begins + draw.integer(MINUTE, 10 * MINUTE), item: 0, status: 'COMPLETED' },
    ];
  }
  return [
    { after, item: 0, status: 'NEED_REVIEW' },
    { after: after + draw.integer(HOUR, DAY), item: 0, status: 'COMPLETED' },
  ];
}
