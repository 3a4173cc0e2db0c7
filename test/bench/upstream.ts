import type { Bench, Table } from './table.ts';
import { FLOOR } from './upstream/figures.ts';
import { GROUPS, month, POLLED, type Result, WATCHED } from './upstream/month.ts';
import { DAYS, type Group } from './upstream/population.ts';
import { everyMinute, untilOver } from './upstream/rivals.ts';
import { duration, percent, quantiles } from './upstream/words.ts';

/** A month of groups: calls to AnyCheck, and how far the served content lags behind it. */
export const bench: Bench = async () => {
  const all = await month();
  const results: readonly Result[] = Object.values(all);
  return [calls(results, all.always.groups), staleness(results), healing(results)];
};

function calls(results: readonly Result[], groups: readonly Group[]): Table {
  const shareOf = (kind: Group['kind']) => percent(groups.filter((one) => one.kind === kind).length / groups.length);
  return {
    title: `Calls to AnyCheck for ${GROUPS.toLocaleString('en')} groups, each tracked for ${DAYS} days`,
    notes: [
      `${shareOf('fast')} of the groups settle within 10 minutes, ${shareOf('slow')} within 6 hours. ${shareOf('person')} wait for a ` +
        `person for up to 10 days. ${groups.filter((one) => one.reopened !== undefined).length} are retried or edited after they were final. ` +
        `${groups.filter(({ states }) => (states[0]?.items.length ?? 0) > 100).length} take more than one of AnyCheck's pages. All are submitted on one day.`,
      'The service runs its own cadence, sweep, workers, webhooks and reads, with the default settings. The store is in memory, and the ' +
        'clock skips idle time. The calls of the pollers follow from the times at which groups change.',
      `The watcher reads every 5 s for 10 minutes, then every hour until the group is final. ${GROUPS / WATCHED} groups are watched, and ` +
        `${GROUPS / POLLED} are read every minute. Those that are reopened after they were final are read 20 times a day for ${DAYS} days. A ratio compares with the poller’s calls for the same groups.`,
    ],
    columns: ['', 'calls', 'calls per group', 'ratio to the first poller', 'ratio to the second', 'busiest minute'],
    rows: results.map(({ name, groups: of, calls: made, busiest }) => [
      name,
      made.toLocaleString('en'),
      (made / of.length).toLocaleString('en', { maximumFractionDigits: 1 }),
      percent(made / everyMinute(of).calls),
      percent(made / untilOver(of).calls),
      busiest === undefined ? '' : `${(busiest / 60).toFixed(1)}/s`,
    ]),
  };
}

const staleness = (results: readonly Result[]): Table => ({
  title: 'How long the served content differed from AnyCheck’s',
  notes: [
    'Counted for groups that were not final as served: the time from a change until it, or a later state, is served. The share is the ' +
      `part beyond ${FLOOR / 1000} s (15 s between refreshes, a sweep, a refresh), relative to the time between this change and the one before.`,
    'A group of several pages that changes every second is published when two fetches are equal. Final means COMPLETED, FAILED or ' +
      'CANCELLED.',
  ],
  columns: [
    '',
    'one page: median',
    '95 %',
    'longest',
    'share: median',
    '95 %',
    'largest',
    'several pages: median',
    'longest',
    'final status served after (median)',
    '95 %',
  ],
  rows: results.map(({ name, figures: { lasted, shares, lastedOfSeveral, over } }) => [
    name,
    ...quantiles(lasted, UP_TO_MAX, duration),
    ...quantiles(shares, UP_TO_MAX, percent),
    ...quantiles(lastedOfSeveral, [0.5, 1], duration),
    ...quantiles(over, [0.5, 0.95], duration),
  ]),
});

const healing = (results: readonly Result[]): Table => ({
  title: 'Changes found without a webhook',
  notes: ['A final group is refreshed after an hour, a day, a week and a month, and after a read or a webhook.'],
  columns: [
    '',
    'lost webhooks of groups not final',
    'made up for',
    'groups still wrong at the end',
    'reopened',
    'found',
    'found after (median)',
    '95 %',
    'longest',
  ],
  rows: results.map(({ name, figures: { lost, healed, wrong, reopened, noticed } }) => [
    name,
    lost,
    healed,
    wrong,
    reopened,
    noticed.length,
    ...quantiles(noticed, UP_TO_MAX, duration),
  ]),
});

const UP_TO_MAX = [0.5, 0.95, 1];
