import { GROUPS as BACKLOG, LIMIT, SECONDS, usualBacklog } from './backlog/measure.ts';
import { total } from './cost/bill.ts';
import { dollarsAMonth } from './cost/monthly.ts';
import { type Priced, priced } from './cost/priced.ts';
import { AT_ONCE, pollerUnderLimit, TAKES } from './poller/limited.ts';
import type { Bench } from './table.ts';
import { GROUPS, month, type Result } from './upstream/month.ts';
import { DAYS } from './upstream/population.ts';
import { duration, percent, quantiles } from './upstream/words.ts';

const TRACKED = 10_000;
const READS_PER_DAY = 20;

const callsEach = ({ calls, groups }: Result) =>
  (calls / groups.length).toLocaleString('en', { maximumFractionDigits: 0 });
const seenAfter = ({ figures: { over } }: Result) => quantiles(over, [0.5, 0.95], duration).join('; ');
const refusedOf = ({ calls, refused }: { calls: number; refused: number }) => percent(refused / calls);
const dollars = (one: Priced | undefined, readsPerGroupDay: number) =>
  one
    ? total(dollarsAMonth({ groups: TRACKED, readsPerGroupDay }, one.units, one.refreshes, one.expedites)).toFixed(0)
    : 'needs Java';

/** What a team would write itself, beside this, on the same groups. */
export const bench: Bench = async () => {
  const { untilOver, unread, withWebhooks, watched } = await month();
  const [ours, ...rivals] = await priced();
  const rows = rivals.find(({ layout }) => layout.name === 'a row each');
  return [
    {
      title: 'A team’s own poller, and this service',
      notes: [
        `${GROUPS.toLocaleString('en')} groups over ${DAYS} days, simulated: see "Calls to AnyCheck" for what they are. The poller asks for each ` +
          'once a minute until it is over, and never again: what is retried or edited later it doesn’t see. Over is COMPLETED, FAILED or ' +
          'CANCELLED; a watcher reads every 5 s for ten minutes, then every hour.',
        `The limit is AnyCheck’s, ${LIMIT} calls a second, with ${BACKLOG} groups due, for ${SECONDS} s, run for real. The poller has ${AT_ONCE} calls under way ` +
          `at once, each takes ${TAKES} ms, and what is refused waits for the next minute.`,
        `Dollars are those of "$ a month", for ${TRACKED.toLocaleString('en')} groups in their first ${DAYS} days; the poller is behind the same API, functions and ` +
          'logs, with a row for each verification, without history. A read of a settled group whose snapshot is older than 15 minutes makes ' +
          'this service look again (`fresh_seconds`), which is what its reads cost more.',
      ],
      columns: ['', 'a poller', 'this service', 'with webhooks, 1 % lost'],
      rows: [
        [
          'calls to AnyCheck for a group that nobody reads',
          callsEach(untilOver),
          callsEach(unread),
          callsEach(withWebhooks),
        ],
        ['for one that is watched', callsEach(untilOver), callsEach(watched), ''],
        ['over is seen after (median; 95 %)', seenAfter(untilOver), seenAfter(unread), seenAfter(withWebhooks)],
        ['by a watcher', seenAfter(untilOver), seenAfter(watched), ''],
        ['calls refused under a limit', refusedOf(await pollerUnderLimit()), refusedOf(await usualBacklog()), ''],
        ['$ a month, nobody reading', dollars(rows, 0), dollars(ours, 0), ''],
        [`each read ${READS_PER_DAY} times a day`, dollars(rows, READS_PER_DAY), dollars(ours, READS_PER_DAY), ''],
      ],
    },
  ];
};
