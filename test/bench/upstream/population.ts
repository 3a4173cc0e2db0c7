import { type Seeded, seeded, seededUuid } from '../../../lib/sandbox/fixtures/seeded.ts';
import { overallStatus } from '../../../lib/sandbox/groups/overall-status.ts';
import { type Item, type Life, life } from './life.ts';

const DAY = 86_400_000;
export const DAYS = 30;
/** ms for which every group is tracked, from its submission. */
export const SPAN = DAYS * DAY;
/** Groups are submitted in the course of a day, ms. */
export const SUBMITTED_WITHIN = DAY;
/** ms since the epoch. */
export const START = 1_800_000_000_000;

/** What AnyCheck says of a group from a time on; every state differs from the one before. */
export interface State {
  readonly at: number;
  readonly overall: string;
  readonly items: readonly Item[];
}

/** A delivery of AnyCheck's: of what state, and when it arrives; a lost one never does. */
interface WebhookDelivery {
  readonly state: number;
  readonly at: number;
  readonly isLost: boolean;
}

export interface Group {
  readonly id: string;
  readonly kind: Life['kind'];
  readonly submitted: number;
  readonly states: readonly State[];
  /** When it was reopened after everything was over, if it ever was: its place among the states. */
  readonly reopened: number | undefined;
  readonly deliveries: readonly WebhookDelivery[];
}

/** Calls of one fetch of the whole group. */
export const pagesOf = ({ states }: Group): number => Math.ceil((states[0]?.items.length ?? 0) / 100);

const OVER: readonly unknown[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
/** Whether a poller stops at an overall status. */
export const isOver = (overall: unknown): boolean => OVER.includes(overall);

/** The place of the state that holds at a time, -1 before the first. */
export function stateAt({ states }: Group, time: number): number {
  let [low, high] = [0, states.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((states[middle]?.at ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** One delivery in a hundred never arrives; the others within seconds. */
const LOST = 1 / 100;
const ARRIVES_AFTER = [500, 5_000] as const;

export function population(count: number, seed: string): Group[] {
  return Array.from({ length: count }, (_, i) => groupOf(seededUuid(`${seed}/${i}`), seeded(`${seed}/${i}`)));
}

function groupOf(id: string, draw: Seeded): Group {
  const submitted = START + draw.integer(0, SUBMITTED_WITHIN - 1);
  const { kind, items, changes, reopenedAt } = life(draw);
  const states: State[] = [stateOf(submitted, items)];
  const deliveries: WebhookDelivery[] = [];
  let current = items;
  let last = submitted;
  let reopened: number | undefined;
  for (const { after, item, status } of changes) {
    last = Math.max(last + 1, submitted + after);
    const was = current[item];
    if (!was) throw new Error('there is no such verification');
    current = current.with(item, { status, run: was.run + (status === 'IN_QUEUE' ? 1 : 0) });
    if (after === reopenedAt) reopened = states.length;
    const at = last + draw.integer(...ARRIVES_AFTER);
    const isLost = draw.integer(0, 1 / LOST - 1) === 0;
    // AnyCheck sends a webhook for every status but this one and DRAFT.
    if (status !== 'IN_QUEUE') deliveries.push({ state: states.length, at, isLost });
    states.push(stateOf(last, current));
  }
  return { id, kind, submitted, states, reopened, deliveries };
}

const stateOf = (at: number, items: readonly Item[]): State => ({
  at,
  overall: overallStatus(items.map(({ status }) => status)),
  items,
});
