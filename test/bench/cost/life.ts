import type { Phase } from '../../../functions/domain/group/phase.ts';
import { stalenessThreshold } from '../../../functions/domain/read/staleness.ts';
import { nextRefreshDelay } from '../../../functions/domain/refresh/cadence.ts';
import { parseSettings } from '../../../lib/settings/settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Days that a group's cost is spread over. */
export const DAYS = 30;
/** A refresh this long after a group's links were stored stores new links. */
const RENEW_EVERY = HOUR;

const KINDS = [
  'first fetch',
  'unchanged',
  'unchanged, links an hour old',
  'one status changed',
  'all changed',
] as const;
type Kind = (typeof KINDS)[number];
/** The number of refreshes of each kind in a group's first 30 days. */
export type Refreshes = Readonly<Record<Kind, number>>;
const NONE: Refreshes = {
  'first fetch': 0,
  unchanged: 0,
  'unchanged, links an hour old': 0,
  'one status changed': 0,
  'all changed': 0,
};

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

/** When a layout refreshes a group: all times in ms. */
export interface Way {
  /** From a refresh to the next one of the schedule; null for never. */
  readonly delay: (phase: Phase, unchanged: number) => number | null;
  /** Since a refresh, beyond which a read requests another one. */
  readonly threshold: (phase: Phase, unchanged: number) => number;
}
const FRESH_SECONDS = parseSettings({}).fresh_seconds;
/** Ours, without jitter. */
export const OURS: Way = {
  delay: (phase, unchanged) => nextRefreshDelay(phase, unchanged, 0.5),
  threshold: (phase, unchanged) => stalenessThreshold(FRESH_SECONDS, phase, unchanged),
};
/** Without a due time: at every sweep as long as it isn't settled, and never for a read. */
export const EVERY_MINUTE: Way = {
  delay: (phase) => (phase === 'settled' ? null : MINUTE),
  threshold: () => Number.POSITIVE_INFINITY,
};

/** The refreshes of a group's first 30 days, and how many of them reads requested. */
interface Lived {
  readonly refreshes: Refreshes;
  readonly requested: number;
}

/** @param readEvery ms between two reads; infinite without reads. */
function lived({ end, waits }: Life, { delay, threshold }: Way, readEvery: number): Lived {
  const refreshes = { ...NONE, 'first fetch': 1 };
  const change = Math.min(end / 2, waits);
  let requested = 0;
  let seen = 0;
  let published = 0;
  let renewed = 0;
  let at = 0;
  for (;;) {
    const phase: Phase = at >= end ? 'settled' : at >= waits ? 'waiting' : 'active';
    const after = delay(phase, at - published);
    // The first sweep after the due time refreshes a group.
    const due = after === null ? Number.POSITIVE_INFINITY : Math.ceil((at + after) / MINUTE) * MINUTE;
    let read = (Math.floor(at / readEvery) + 1) * readEvery;
    while (read < due && read <= DAYS * DAY && read - at <= threshold(phase, read - published)) read += readEvery;
    const isRequested = read < due;
    at = isRequested ? read : due;
    if (at > DAYS * DAY) return { refreshes, requested };
    if (isRequested) requested++;
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

/** The refreshes of the average group of the mix, which is read so often a day, evenly. */
export function averageLife(way: Way, readsPerDay: number): Lived {
  const refreshes = { ...NONE };
  let requested = 0;
  for (const { share, lives } of LIVES) {
    for (const life of lives) {
      const one = lived(life, way, DAY / readsPerDay);
      const weight = share / lives.length;
      for (const kind of KINDS) refreshes[kind] += weight * one.refreshes[kind];
      requested += weight * one.requested;
    }
  }
  return { refreshes, requested };
}
