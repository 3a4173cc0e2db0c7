import { describe, expect, it } from 'vitest';
import {
  type Statuses,
  timelineRows,
  wholeVersions,
} from '../../../../../../../../functions/console/page/views/group/timeline/timeline-rows.ts';

const END = 1_000;
const version = (number: number, at: number, ...transitions: (readonly [id: string, to: string | null])[]) => ({
  version: number,
  at,
  transitions: transitions.map(([verification_id, to]) => ({ verification_id, to })),
});
const statuses = (entries: Record<string, string | null>): Statuses => new Map(Object.entries(entries));

describe('the rows of the timeline', () => {
  it('begin with the oldest version and change with each transition', () => {
    const versions = [version(4, 100), version(5, 200, ['a', 'COMPLETED']), version(6, 300, ['b', 'FAILED'])];
    const at = new Map([[4, statuses({ a: 'IN_QUEUE', b: 'IN_QUEUE', c: null })]]);
    expect(timelineRows(versions, at, END)).toEqual([
      {
        id: 'a',
        segments: [
          { status: 'IN_QUEUE', from: 100, to: 200 },
          { status: 'COMPLETED', from: 200, to: END },
        ],
      },
      {
        id: 'b',
        segments: [
          { status: 'IN_QUEUE', from: 100, to: 300 },
          { status: 'FAILED', from: 300, to: END },
        ],
      },
      { id: 'c', segments: [{ status: null, from: 100, to: END }] },
    ]);
  });

  it('begin where a verification is added, and end where it is removed', () => {
    const versions = [version(1, 100), version(2, 200), version(3, 300, ['b', 'COMPLETED'])];
    const at = new Map([
      [1, statuses({ a: 'DRAFT' })],
      [2, statuses({ b: 'IN_PROGRESS' })],
    ]);
    expect(timelineRows(versions, at, END)).toEqual([
      { id: 'a', segments: [{ status: 'DRAFT', from: 100, to: 200 }] },
      {
        id: 'b',
        segments: [
          { status: 'IN_PROGRESS', from: 200, to: 300 },
          { status: 'COMPLETED', from: 300, to: END },
        ],
      },
    ]);
  });

  it('keep one row for a verification that returns', () => {
    const versions = [version(1, 100), version(2, 200), version(3, 300)];
    const at = new Map([
      [1, statuses({ a: 'DRAFT' })],
      [2, statuses({})],
      [3, statuses({ a: 'DRAFT' })],
    ]);
    expect(timelineRows(versions, at, END)).toEqual([
      {
        id: 'a',
        segments: [
          { status: 'DRAFT', from: 100, to: 200 },
          { status: 'DRAFT', from: 300, to: END },
        ],
      },
    ]);
  });

  it('count a transition once that a whole version holds, too', () => {
    const versions = [version(1, 100), version(2, 200, ['a', 'COMPLETED'])];
    const at = new Map([
      [1, statuses({ a: 'DRAFT' })],
      [2, statuses({ a: 'COMPLETED', b: 'DRAFT' })],
    ]);
    expect(timelineRows(versions, at, END)[0]?.segments).toEqual([
      { status: 'DRAFT', from: 100, to: 200 },
      { status: 'COMPLETED', from: 200, to: END },
    ]);
  });
});

describe('the versions that must be known as a whole', () => {
  it('are the oldest one, and those that added or removed verifications', () => {
    const versions = [
      { version: 3, added: 0, removed: 0 },
      { version: 4, added: 0, removed: 0 },
      { version: 5, added: 1, removed: 0 },
      { version: 6, added: 0, removed: 2 },
    ];
    expect(wholeVersions(versions)).toEqual([3, 5, 6]);
  });
});
