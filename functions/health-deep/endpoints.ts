import type { BusRow } from '../adapters/dynamodb/bus-row.ts';
import type { SweepRow } from '../adapters/dynamodb/sweep-row.ts';
import type { DueIndex } from '../domain/refresh/queue.ts';
import type { BudgetStore } from '../domain/upstream/budget-store.ts';
import type { DeliverDueIndex } from '../domain/webhooks/ports.ts';
import { endpoint } from '../runtime/api.ts';
import { json } from '../runtime/rest/json.ts';
import { type AnnouncementsRead, failingParts, healthReport, type Thresholds, type WebhooksRead } from './health.ts';
import { reading } from './reading.ts';
import { deepHealth } from './routes.ts';

/** Seconds. A failing service usually needs an operator. */
const RETRY_AFTER = '60';

interface Deps {
  readonly budget: Pick<BudgetStore, 'read'>;
  readonly index: DueIndex;
  readonly bus: Pick<BusRow, 'lastFailure'>;
  readonly deadLetters: () => Promise<number>;
  readonly deliveries: DeliverDueIndex;
  readonly webhookDeadLetters: () => Promise<number>;
  readonly sweeps: Pick<SweepRow, 'lastEnd'>;
  readonly thresholds: Thresholds;
}

/** The handler of the health report. It returns 503 if the report says `failing`. */
export const endpoints = (deps: Deps) => [
  endpoint(deepHealth, async () => {
    const { budget, index, bus, deadLetters, sweeps, thresholds } = deps;
    const now = Date.now();
    const [budgetRead, oldestDue, announcements, deadLettersRead, webhooks, lastSweep] = await Promise.all([
      reading('anycheck', budget.read()),
      reading(
        'oldest_due',
        index.due(now, 1).then(([oldest]) => oldest?.due),
      ),
      reading('announcements', announcementsRead(index, bus, now)),
      reading('dead_letters', deadLetters()),
      reading('webhooks', webhooksRead(deps, now)),
      reading('last_sweep', sweeps.lastEnd()),
    ]);
    const readings = {
      budget: budgetRead,
      oldestDue,
      announcements,
      deadLetters: deadLettersRead,
      webhooks,
      lastSweep,
    };
    const report = healthReport(readings, thresholds, now);
    if (report.status !== 'failing') return json(deepHealth, 200, report);
    const message = `Failing: ${failingParts(report).join(', ')}.`;
    const failing = json(deepHealth, 503, { error_code: 'INTERNAL_SERVER_ERROR', message, ...report });
    return { ...failing, headers: { 'retry-after': RETRY_AFTER } };
  }),
];

/** Reads what the report says of announcements. @param now ms since the epoch. */
async function announcementsRead(index: Deps['index'], bus: Deps['bus'], now: number): Promise<AnnouncementsRead> {
  const [[oldest], busFailedAt] = await Promise.all([index.withoutCalls(now, 1), bus.lastFailure()]);
  return { oldestDue: oldest?.due, busFailedAt };
}

/** Reads what the report says of webhooks. @param now ms since the epoch. */
async function webhooksRead({ deliveries, webhookDeadLetters }: Deps, now: number): Promise<WebhooksRead> {
  const [[oldest], deadLetters] = await Promise.all([deliveries.due(now, 1), webhookDeadLetters()]);
  return { oldestDue: oldest?.due, deadLetters };
}
