import { budgetRow } from '../adapters/budget-row.ts';
import { countDeadLetters } from '../adapters/dead-letters.ts';
import { documentClient } from '../adapters/document-client.ts';
import { dueIndex } from '../adapters/due-index.ts';
import { sqsClient } from '../adapters/refresh-queue.ts';
import { sweepRow } from '../adapters/sweep-row.ts';
import { failingParts, healthReport } from '../domain/health.ts';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { json } from '../runtime/json.ts';
import { Env } from './env.ts';
import { reading } from './reading.ts';
import { deepHealth } from './routes.ts';

/** Seconds: until somebody acts, as a rule. */
const RETRY_AFTER = '60';

const env = parseEnv(Env);
const client = documentClient(2, 1_000);
const sqs = sqsClient(2, 1_000);
const index = dueIndex(client, env.TABLE_NAME);
const patience = { lateSeconds: env.LATE_SECONDS, unsweptSeconds: env.UNSWEPT_SECONDS };

async function answer() {
  const now = Date.now();
  const [budget, oldestDue, deadLetters, lastSweep] = await Promise.all([
    reading('anycheck', budgetRow(client, env.TABLE_NAME).read()),
    reading(
      'oldest_due',
      index.due(now, 1).then(([oldest]) => oldest?.due),
    ),
    reading('dead_letters', countDeadLetters(sqs, env.DEAD_LETTER_QUEUE_URL)),
    reading('last_sweep', sweepRow(client, env.TABLE_NAME).lastEnd()),
  ]);
  const report = healthReport({ budget, oldestDue, deadLetters, lastSweep }, patience, now);
  if (report.status !== 'failing') return json(deepHealth, 200, report);
  const message = `Failing: ${failingParts(report).join(', ')}.`;
  const failing = json(deepHealth, 503, { error_code: 'INTERNAL_SERVER_ERROR', message, ...report });
  return { ...failing, headers: { 'retry-after': RETRY_AFTER } };
}

export const handler = api([endpoint(deepHealth, answer)], env.GROUPS_CLAIM);
