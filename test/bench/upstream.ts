import type { Bench, Table } from './table.ts';
import { FLOOR } from './upstream/figures.ts';
import { GROUPS, month, POLLED, type Result, WATCHED } from './upstream/month.ts';
import { DAYS, type Group } from './upstream/population.ts';
import { everyMinute, untilOver } from './upstream/rivals.ts';
import { duration, percent, quantiles } from './upstream/words.ts';

/** A month of groups: what is asked of AnyCheck, and how far what is served is behind it. */
export const bench: Bench = async () => {
  const all = await month();
  const results: readonly Result[] = Object.values(all);
  return [calls(results, all.always.groups), staleness(results), healing(results)];
};

function calls(results: readonly Result[], groups: readonly Group[]): Table {
  const shareOf = (kind: Group['kind']) => percent(groups.filter((one) => one.kind === kind).length / groups.length);
  return {
    title: `Calls to AnyCheck for ${GROUPS.toLocaleString('en')} groups, each followed for ${DAYS} days`,
    notes: [
      `${shareOf('fast')} of the groups settle within 10 minutes, ${shareOf('slow')} within 6 hours, ${shareOf('person')} wait for a ` +
        `person for up to 10 days; ${groups.filter((one) => one.reopened !== undefined).length} are retried or edited after all was over. ` +
        `${groups.filter(({ states }) => (states[0]?.items.length ?? 0) > 100).length} take more than one of AnyCheck's pages. All are submitted on one day.`,
      'The service is its own cadence, sweep, workers, webhooks and reads over a store in memory and a clock that skips what nothing ' +
        'happens in, with the settings that it has by itself. What the pollers do is counted from the times at which groups change.',
      `The watcher reads every 5 s for 10 minutes, then every hour until all is over; ${GROUPS / WATCHED} groups are watched, and ` +
        `${GROUPS / POLLED} read every minute. A ratio compares with what the poller asks for the same groups.`,
    ],
    columns: ['', 'calls', 'a group', 'of the first poller’s', 'of the second’s', 'busiest minute'],
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
  title: 'How long what was served differed from AnyCheck’s',
  notes: [
    'Of groups that were not over, as they were served: from a change until it is served, or what came after it. The share is what ' +
      `of this goes beyond ${FLOOR / 1000} s (looks 15 s apart, a sweep, a look), of the time between this change and the one before.`,
    'A group of several pages that changes every second is served anew when two passes give the same. Over is a group that is ' +
      'COMPLETED, FAILED or CANCELLED.',
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
    'seen to be over after (median)',
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
  title: 'What is noticed without being told',
  notes: [
    'A group that is over is looked at again after an hour, a day, a week and a month, and when somebody reads it or a webhook arrives.',
  ],
  columns: [
    '',
    'lost webhooks of groups not over',
    'healed',
    'groups still wrong in the end',
    'reopened',
    'noticed',
    'after (median)',
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
