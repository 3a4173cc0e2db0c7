import type { Group, State } from './world.ts';

/** What a reader got of one version of a group. */
interface Got {
  readonly version: number;
  /** Seconds. */
  readonly age: number;
  /** ms since the epoch: when it was asked for. */
  readonly requestedAt: number;
  readonly offset: number;
  readonly size: number;
  readonly body: string;
}

/** What a version's history says of it. */
interface HistoryEntry {
  readonly version: number;
  readonly total: number;
  readonly overall_status: string | null;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly transitions: readonly {
    readonly verification_id: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
}

/** Compares all that is said of one group with what AnyCheck had. Verdicts are sentences; undefined: nothing wrong. */
export interface Judge {
  /** The version's page is one of a state that AnyCheck had when the age says, and of the state that every other answer of it was of. */
  page(got: Got): string | undefined;
  history(entries: readonly HistoryEntry[]): string | undefined;
  /** Versions are states in the order in which AnyCheck had them. */
  order(): string | undefined;
  /** Versions that were read, and changes between two of them that history told and that could be compared. */
  readonly seen: { readonly versions: number; readonly changes: number };
}

export function judgeOf({ states }: Group): Judge {
  /** Which states a version can be, after all that was read of it. */
  const possible = new Map<number, readonly number[]>();
  const compared = new Set<number>();
  const stateOf = (version: number): State | undefined => {
    const [only, ...more] = possible.get(version) ?? [];
    return only === undefined || more.length > 0 ? undefined : states[only];
  };
  const compare = (entry: HistoryEntry): string | undefined => {
    const [before, after] = [stateOf(entry.version - 1), stateOf(entry.version)];
    if (!before || !after) return undefined;
    compared.add(entry.version);
    const expected = JSON.stringify(changeBetween(before, after));
    const transitions = entry.transitions.map(({ verification_id: id, from, to }) => `${id} ${from} ${to}`).toSorted();
    const { total, overall_status: overall, added, removed, changed } = entry;
    const found = JSON.stringify({ total, overall, added, removed, changed, transitions });
    return found === expected ? undefined : `version ${entry.version}'s history says ${found}, and ${expected} is so`;
  };

  return {
    page({ version, age, requestedAt, offset, size, body }) {
      const candidates = possible.get(version) ?? states.map((_, i) => i);
      const since = requestedAt - (age + 1) * 1000;
      const left = candidates.filter((i) => {
        const state = states[i];
        return state !== undefined && state.until >= since && bodyOf(state, offset, size) === body;
      });
      if (left.length === 0) return `version ${version} at ${offset}, ${age} s old, is no state that AnyCheck had`;
      possible.set(version, left);
      return undefined;
    },
    history(entries) {
      const gap = entries.find(({ version }, i) => i > 0 && version !== (entries[i - 1]?.version ?? 0) - 1);
      if (gap) return `the history lacks the version after ${gap.version}`;
      return entries.map(compare).find((verdict) => verdict !== undefined);
    },
    order() {
      let last = -1;
      for (const [version, candidates] of [...possible].toSorted(([a], [b]) => a - b)) {
        const next = candidates.find((i) => i > last);
        if (next === undefined) return `version ${version} is not later than the one before`;
        last = next;
      }
      return undefined;
    },
    get seen() {
      return { versions: possible.size, changes: compared.size };
    },
  };
}

/** A page as AnyCheck would have answered it. */
export const bodyOf = ({ items, overall }: State, offset: number, size: number): string => {
  const texts = items.slice(offset, offset + size).map(({ text }) => text);
  return `{"total":${items.length},"overall_status":"${overall}","items":[${texts.join()}]}`;
};

function changeBetween(before: State, after: State) {
  const old = new Map(before.items.map((item) => [item.id, item]));
  const now = new Set(after.items.map(({ id }) => id));
  const common = after.items.flatMap((item) => {
    const was = old.get(item.id);
    return was ? [{ was, item }] : [];
  });
  return {
    total: after.items.length,
    overall: after.overall,
    added: after.items.length - common.length,
    removed: before.items.filter(({ id }) => !now.has(id)).length,
    changed: common.filter(({ was, item }) => was.text !== item.text).length,
    transitions: common
      .filter(({ was, item }) => was.status !== item.status)
      .map(({ was, item }) => `${item.id} ${was.status} ${item.status}`)
      .toSorted(),
  };
}
