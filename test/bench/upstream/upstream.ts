import { parseListing } from '../../../functions/domain/group/verification.ts';
import type { AnyCheck } from '../../../functions/domain/upstream/anycheck.ts';
import { type BudgetSettings, UNUSED } from '../../../functions/domain/upstream/budget.ts';
import { callsPerSecond } from '../../../functions/domain/upstream/rate-limit.ts';
import type { VirtualClock } from './clock.ts';
import { type Group, SPAN, type State, stateAt } from './population.ts';

/** ms that AnyCheck takes for an answer, at least and at most. */
const TAKES = [200, 600] as const;

export interface Upstream extends AnyCheck {
  /** Calls so far, each group's while it is tracked; and those of the busiest minute, whatever its group's age. */
  readonly calls: number;
  readonly busiest: number;
  /** The state in a group's last answer: that of its first page. */
  answered(id: string): number;
}

/**
 * AnyCheck, as it stands when a request reaches it: the answer is a little old when it arrives. Calls take their turns at the
 * rate of the budget, where no limit is announced.
 * @param lagMs ms after a change until an answer shows it.
 */
export function upstream(
  groups: ReadonlyMap<string, Group>,
  {
    clock,
    budget,
    random,
    lagMs,
  }: { clock: VirtualClock; budget: BudgetSettings; random: () => number; lagMs: number },
): Upstream {
  const interval = 1000 / callsPerSecond(UNUSED, budget);
  const answered = new Map<string, number>();
  let slot = 0;
  let calls = 0;
  let busiest = 0;
  let minute = { number: 0, calls: 0 };

  function count(group: Group): void {
    if (clock.now() < group.submitted + SPAN) calls++;
    const number = Math.floor(clock.now() / 60_000);
    minute = { number, calls: (minute.number === number ? minute.calls : 0) + 1 };
    busiest = Math.max(busiest, minute.calls);
  }

  return {
    get calls() {
      return calls;
    },
    get busiest() {
      return busiest;
    },
    answered: (id) => answered.get(id) ?? -1,
    async list(id, { offset, size }) {
      const group = groups.get(id);
      if (!group) throw new Error('this group does not exist');
      slot = Math.max(clock.now(), slot + interval);
      if (slot > clock.now()) await clock.sleep(Math.ceil(slot - clock.now()));
      count(group);
      const at = Math.max(0, stateAt(group, clock.now() - lagMs));
      if (offset === 0) answered.set(id, at);
      const state = group.states[at];
      if (!state) throw new Error('this group was not submitted yet');
      await clock.sleep(Math.round(TAKES[0] + random() * (TAKES[1] - TAKES[0])));
      return parseListing(answer(id, state, offset, size), id);
    },
  };
}

function answer(id: string, { overall, items }: State, offset: number, size: number): string {
  const texts = items.slice(offset, offset + size).map(({ status, run }, i) => {
    const output = status === 'COMPLETED' ? `{"is_match_face":true,"run":${run}}` : 'null';
    return `{"id":"${id}-${offset + i}","result_id":"${id}","status":"${status}","output":${output}}`;
  });
  return `{"total":${items.length},"overall_status":"${overall}","items":[${texts.join()}]}`;
}
