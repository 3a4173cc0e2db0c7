import type { Phase } from '../../../functions/domain/group/phase.ts';
import { type Group, SPAN } from './population.ts';

/** What of a group was served from a time on. */
export interface Serving {
  readonly at: number;
  /** The place of the state that it was. */
  readonly state: number;
  readonly phase: Phase;
}

/** What a way of following groups serves of each, in the order of time. */
export type Served = ReadonlyMap<string, readonly Serving[]>;

/** A time in which what was served of a group was not what AnyCheck had: from the first change that was not served. */
export interface Stale {
  readonly group: Group;
  /** The states that came in it: the first one, and the first that came after it. */
  readonly from: number;
  readonly to: number;
  /** ms that it took; undefined where it had not ended when the group's tracking ended. */
  readonly lasted: number | undefined;
  /** ms between its first change and the one before. */
  readonly since: number;
  /** Whether nothing more was expected of the group, as it was served. */
  readonly wasSettled: boolean;
}

export const staleTimes = (groups: readonly Group[], served: Served): Stale[] =>
  groups.flatMap((group) => {
    const times: Stale[] = [];
    const end = group.submitted + SPAN;
    const count = group.states.length;
    // Before its first state the group did not exist.
    let before: Serving = { at: group.submitted, state: 0, phase: 'active' };
    for (const serving of [...(served.get(group.id) ?? []), { at: end, state: count, phase: 'active' as const }]) {
      const from = before.state + 1;
      const at = group.states[from]?.at;
      if (at !== undefined && serving.state > before.state) {
        times.push({
          group,
          from,
          to: Math.min(serving.state + 1, count),
          lasted: serving.at < end ? serving.at - at : undefined,
          since: at - (group.states[from - 1]?.at ?? at),
          wasSettled: before.phase === 'settled',
        });
      }
      before = serving;
    }
    return times;
  });
