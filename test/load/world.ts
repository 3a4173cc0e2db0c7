import { randomUUID } from 'node:crypto';
import type { Sandbox } from '../../lib/sandbox/server.ts';

/** Everything that AnyCheck had of a group at one time: what an answer of one version is to be, whole. */
export interface State {
  readonly overall: string;
  readonly items: readonly Item[];
  /** ms since the epoch; the end is open while it is the last one. */
  readonly from: number;
  until: number;
}

interface Item {
  readonly id: string;
  readonly status: string;
  readonly text: string;
}

/** A group at AnyCheck, and all the states that it was in, the newest last. */
export interface Group {
  readonly id: string;
  /** How often it changes and is read, where one of the smallest is once. */
  readonly pace: number;
  readonly states: readonly State[];
}

/** AnyCheck's groups, which change all the time. */
export interface World {
  readonly groups: readonly Group[];
  /** Changes one group, whichever is due. */
  change(): void;
}

interface Kind {
  readonly items: number;
  /** Characters of an item. */
  readonly length: number;
  readonly groups: number;
  readonly pace: number;
}

/** Some that are read in one piece, some that are fetched in three, and one of which a page is more than an answer takes. */
const KINDS: readonly Kind[] = [
  { items: 4, length: 200, groups: 8, pace: 1 },
  { items: 250, length: 300, groups: 3, pace: 1 },
  { items: 8, length: 1_000_000, groups: 1, pace: 0.1 },
];

/** A machine will move the group on: a read requests a refresh within seconds. */
const ACTIVE = ['IN_QUEUE', 'IN_PROGRESS'];
const STATUSES = ['IN_QUEUE', 'IN_PROGRESS', 'NEED_REVIEW', 'COMPLETED', 'FAILED'];

export function startWorld({ controls }: Sandbox): World {
  const random = (below: number) => Math.floor(Math.random() * below);
  const oneOf = (statuses: readonly string[]) => statuses[random(statuses.length)] ?? '';
  let made = 0;
  const item = (id: string, group: string, length: number): Item => {
    const status = oneOf(STATUSES);
    // What was never there before and never comes again tells one state from all others.
    const head = `{"id":"${id}","result_id":"${group}","status":"${status}","n":${++made}.50,"output":"`;
    return { id, status, text: `${head}${String(made % 10).repeat(Math.max(1, length - head.length))}"}` };
  };

  function startGroup({ items: count, length, pace }: Kind) {
    const id = randomUUID();
    const states: State[] = [];
    let named = 0;
    const set = (items: readonly Item[]) => {
      const overall = oneOf(ACTIVE);
      const at = Date.now();
      controls.setGroup(id, `{"overall_status":"${overall}","items":[${items.map(({ text }) => text).join()}]}`);
      const last = states.at(-1);
      if (last) last.until = at;
      states.push({ overall, items, from: at, until: Number.POSITIVE_INFINITY });
    };
    const fresh = () => item(`i${named++}`, id, length);
    set(Array.from({ length: count }, fresh));
    const change = () => {
      const { items = [] } = states.at(-1) ?? {};
      const at = random(items.length);
      const changes: readonly (() => readonly Item[])[] = [
        () => items.map((one, i) => (i === at ? item(one.id, id, length) : one)),
        () => items.toSpliced(at, 0, fresh()),
        // No state comes twice: a version that was confirmed in either would have two truths. What is put in and taken out again would.
        () => items.toSpliced(at, 1).map((one, i) => (i === 0 ? item(one.id, id, length) : one)),
        () => items.map((one, i) => (i % 50 === at % 50 ? item(one.id, id, length) : one)),
        // The other items keep their order: the service stores an order of its own for a list without a stable one.
        () => [item(items[at]?.id ?? '', id, length), ...items.toSpliced(at, 1)],
      ];
      // A group stays about as large as it was.
      const next = items.length < count - 2 ? changes[1] : items.length > count + 2 ? changes[2] : changes[random(5)];
      set(next?.() ?? []);
    };
    return { id, states, change, pace, next: 0 };
  }

  const groups = KINDS.flatMap((kind) => Array.from({ length: kind.groups }, () => startGroup(kind)));
  return {
    groups,
    change() {
      const due = groups.reduce((one, other) => (other.next < one.next ? other : one));
      due.next += 1 / due.pace;
      due.change();
    },
  };
}
