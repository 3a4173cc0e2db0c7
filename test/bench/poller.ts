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
  one ? total(dollarsAMonth({ groups: TRACKED, readsPerGroupDay }, one)).toFixed(0) : 'needs Java';

/** What a team would write itself, beside this, on the same groups. */
export const bench: Bench = async () => {
  const { untilOver, unread, withWebhooks, watched } = await month();
  const [ours, ...rivals] = await priced();
  const rows = rivals.find(({ layout }) => layout.name === 'a row each');
  return [
    {
      title: 'A team’s own poller, and this service',
      notes: [
        `${GROUPS.toLocaleString('en')} groups over ${DAYS} days, simulated; "Calls to AnyCheck" describes them. The poller requests each ` +
          'group once a minute until it is final, and never again, so it misses later retries and edits. Final means COMPLETED, FAILED or ' +
          'CANCELLED. A watcher reads every 5 s for ten minutes, then every hour.',
        `AnyCheck’s limit is ${LIMIT} calls a second, with ${BACKLOG} groups due, for ${SECONDS} s, on the running stack. The poller has ${AT_ONCE} calls in ` +
          `flight, each takes ${TAKES} ms, and it repeats a refused call in the next minute.`,
        `Dollars are those of "$ a month" in N. Virginia, for ${TRACKED.toLocaleString('en')} groups in their first ${DAYS} days. The poller has the same API, ` +
          'functions and logs, one row per verification, and no history. Reads of this service request refreshes also of settled groups, ' +
          'which the poller never requests again.',
      ],
      columns: ['', 'a poller', 'this service', 'with webhooks, 1 % lost'],
      rows: [
        ['calls to AnyCheck per unread group', callsEach(untilOver), callsEach(unread), callsEach(withWebhooks)],
        ['calls to AnyCheck per watched group', callsEach(untilOver), callsEach(watched), ''],
        ['final status seen after (median; 95 %)', seenAfter(untilOver), seenAfter(unread), seenAfter(withWebhooks)],
        ['the same, by a watcher', seenAfter(untilOver), seenAfter(watched), ''],
        ['calls refused under a limit', refusedOf(await pollerUnderLimit()), refusedOf(await usualBacklog()), ''],
        ['$ a month, without reads', dollars(rows, 0), dollars(ours, 0), ''],
        [
          `$ a month, ${READS_PER_DAY} reads a day per group`,
          dollars(rows, READS_PER_DAY),
          dollars(ours, READS_PER_DAY),
          '',
        ],
      ],
    },
  ];
};
