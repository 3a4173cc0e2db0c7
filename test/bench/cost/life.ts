import type { Phase } from '../../../functions/domain/group/phase.ts';
import { nextRefreshDelay } from '../../../functions/domain/refresh/cadence.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Days that a group's cost is spread over. */
export const DAYS = 30;
/** A refresh this long after a group's links were stored stores new links. */
const RENEW_EVERY = HOUR;

/** The number of refreshes of each kind in a group's first 30 days. */
export interface Refreshes {
  readonly 'first fetch': number;
  readonly unchanged: number;
  readonly 'unchanged, links an hour old': number;
  readonly 'one status changed': number;
  readonly 'all changed': number;
}
type Kind = keyof Refreshes;

/** A group that exists from 0, changes half-way, and is final at its end, all its items at once. */
interface Life {
  readonly end: number;
  /** When it begins to wait for a person, if it does. */
  readonly waits: number;
}

const tenths = Array.from({ length: 10 }, (_, i) => (i + 1) / 10);
/** 80 % settle within 10 minutes, 15 % within 6 hours, 5 % wait for a person for up to 10 days; each part evenly. */
const LIVES: readonly { readonly share: number; readonly lives: readonly Life[] }[] = [
  { share: 0.8, lives: tenths.map((part) => ({ end: part * 10 * MINUTE, waits: Number.POSITIVE_INFINITY })) },
  { share: 0.15, lives: tenths.map((part) => ({ end: part * 6 * HOUR, waits: Number.POSITIVE_INFINITY })) },
  { share: 0.05, lives: tenths.map((part) => ({ end: part * 10 * DAY, waits: 10 * MINUTE })) },
];

/** When a group is refreshed next: ms from now, null for never. */
type Cadence = (phase: Phase, unchanged: number) => number | null;
/** Ours, without jitter. */
export const OURS: Cadence = (phase, unchanged) => nextRefreshDelay(phase, unchanged, 0.5);
/** Without a due time: at every sweep as long as it isn't settled. */
export const EVERY_MINUTE: Cadence = (phase) => (phase === 'settled' ? null : MINUTE);

function refreshesAt({ end, waits }: Life, cadence: Cadence): Record<Kind, number> {
  const refreshes = {
    'first fetch': 1,
    unchanged: 0,
    'unchanged, links an hour old': 0,
    'one status changed': 0,
    'all changed': 0,
  };
  const change = Math.min(end / 2, waits);
  let seen = 0;
  let published = 0;
  let renewed = 0;
  let at = 0;
  for (;;) {
    const phase: Phase = at >= end ? 'settled' : at >= waits ? 'waiting' : 'active';
    const delay = cadence(phase, at - published);
    // The first sweep after the due time refreshes a group.
    at = delay === null ? Number.POSITIVE_INFINITY : Math.ceil((at + delay) / MINUTE) * MINUTE;
    if (at > DAYS * DAY) return refreshes;
    const stage = at >= end ? 2 : at >= change ? 1 : 0;
    const isOld = at - renewed >= RENEW_EVERY;
    if (stage > seen) {
      // With links an hour old, all pages are rewritten, whatever changed.
      refreshes[stage === 2 || isOld ? 'all changed' : 'one status changed']++;
      seen = stage;
      published = at;
    } else refreshes[isOld ? 'unchanged, links an hour old' : 'unchanged']++;
    if (isOld || stage === 2) renewed = at;
  }
}

/** The refreshes of the average group of the mix. */
export function averageRefreshes(cadence: Cadence): Refreshes {
  const sum = {
    'first fetch': 0,
    unchanged: 0,
    'unchanged, links an hour old': 0,
    'one status changed': 0,
    'all changed': 0,
  };
  for (const { share, lives } of LIVES) {
    for (const life of lives) {
      const refreshes = refreshesAt(life, cadence);
      sum['first fetch'] += (share / lives.length) * refreshes['first fetch'];
      sum.unchanged += (share / lives.length) * refreshes.unchanged;
      sum['unchanged, links an hour old'] += (share / lives.length) * refreshes['unchanged, links an hour old'];
      sum['one status changed'] += (share / lives.length) * refreshes['one status changed'];
      sum['all changed'] += (share / lives.length) * refreshes['all changed'];
    }
  }
  return sum;
}

/** Refreshes that reads request in 30 days: reads that find a settled group's snapshot past its staleness threshold. */
export const refreshRequests = (readsPerDay: number, freshSeconds: number): number =>
  DAYS * Math.min(readsPerDay, DAY / 1000 / freshSeconds);

/**
 * The same refreshes and those that reads request, spread evenly: less often than once an hour, each stores new links.
 */
export function withRefreshRequests(refreshes: Refreshes, requests: number): Refreshes {
  const kind = requests > 0 && DAYS * DAY >= requests * RENEW_EVERY ? 'unchanged, links an hour old' : 'unchanged';
  return { ...refreshes, [kind]: refreshes[kind] + requests };
}
