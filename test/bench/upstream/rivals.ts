import { phaseOf } from '../../../functions/domain/group/phase.ts';
import { type Group, isOver, pagesOf, SPAN, type State, stateAt } from './population.ts';
import type { Served, Serving } from './served.ts';

/** ms: AnyCheck takes 200 to 600 for an answer. */
const TAKES = 400;
const MINUTE = 60_000;

export interface Rival {
  readonly calls: number;
  readonly served: Served;
}

/** An alternative's work for one group: how often it requests the whole group, and what it serves. */
type Way = (group: Group) => { readonly polls: number; readonly servings: Serving[] };

function all(groups: readonly Group[], way: Way): Rival {
  const served = new Map<string, Serving[]>();
  let calls = 0;
  for (const group of groups) {
    const { polls, servings } = way(group);
    calls += polls * pagesOf(group);
    served.set(group.id, servings);
  }
  return { calls, served };
}

/** What is served after polls at certain times. Polls without a change need no entry. */
function servingsOf(group: Group, polls: Iterable<number>): Serving[] {
  const servings: Serving[] = [];
  for (const poll of polls) {
    const state = stateAt(group, poll);
    const found = group.states[state];
    if (found && state > (servings.at(-1)?.state ?? -1))
      servings.push({ at: poll + TAKES, state, phase: phaseIn(found) });
  }
  return servings;
}

const phaseIn = ({ items, overall }: State) =>
  phaseOf({ items: items.map(({ status }) => status), overall, hadItems: true }, 0);

/** The first minute, counted from the submission, at or after a time. */
const minuteAfter = ({ submitted }: Group, time: number) => submitted + Math.ceil((time - submitted) / MINUTE) * MINUTE;

/** Requests every group once a minute for as long as it is tracked. */
export const everyMinute = (groups: readonly Group[]): Rival =>
  all(groups, (group) => ({
    polls: SPAN / MINUTE,
    servings: servingsOf(
      group,
      group.states.map(({ at }) => minuteAfter(group, at)),
    ),
  }));

/** Requests every group once a minute, until an answer shows a final status. */
export const untilOver = (groups: readonly Group[]): Rival =>
  all(groups, (group) => {
    const minutes = group.states.map(({ at }) => minuteAfter(group, at));
    const stateAtMinute = (minute: number) => group.states[stateAt(group, minute)];
    const last = minutes.find((minute) => isOver(stateAtMinute(minute)?.overall)) ?? group.submitted + SPAN - MINUTE;
    return {
      polls: 1 + (last - group.submitted) / MINUTE,
      servings: servingsOf(
        group,
        minutes.filter((minute) => minute <= last),
      ),
    };
  });

/** Requests a group when it is submitted, and whenever a webhook arrives. */
export const webhooksAlone = (groups: readonly Group[]): Rival =>
  all(groups, (group) => {
    const arrived = group.deliveries.filter(({ isLost }) => !isLost).map(({ at }) => at);
    const polled = [group.submitted, ...arrived.toSorted((a, b) => a - b)];
    return { polls: polled.length, servings: servingsOf(group, polled) };
  });
