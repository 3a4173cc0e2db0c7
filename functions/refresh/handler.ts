import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { documentClient } from '../adapters/document-client.ts';
import { ledger } from '../adapters/ledger.ts';
import { queueOnDemand } from '../adapters/queue-on-demand.ts';
import { parseMessage } from '../adapters/refresh-message.ts';
import { snapshotStore } from '../adapters/snapshot-store.ts';
import { erase } from '../domain/erase.ts';
import { refreshDue } from '../domain/refresh-due.ts';
import { anycheckFrom } from '../runtime/anycheck.ts';
import { beginRequest, currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { lambda } from '../runtime/lambda.ts';
import { errorFields, log } from '../runtime/log.ts';
import { logRefresh } from '../runtime/refresh-log.ts';
import { Env } from './env.ts';

/** ms of the function's time that are left for writing down how a look ended. */
const WRITE_DOWN = 10_000;

const env = parseEnv(Env);
const client = documentClient(4, 5_000);
const store = snapshotStore({ client, table: env.TABLE_NAME, retentionDays: env.RETENTION_DAYS, now: Date.now });
const erasing = {
  store,
  ledger: ledger(client, env.LEDGER_TABLE_NAME),
  queue: queueOnDemand(3, 2_000, env.REFRESH_QUEUE_URL, currentRequest),
  now: Date.now,
};
const deps = {
  store,
  eraseAfter: env.GROUP_RETENTION_DAYS,
  erase: (resultId: string) => erase(erasing, resultId),
  anycheck: anycheckFrom(env, client, 'worker'),
  now: Date.now,
  random: Math.random,
  sleep: (ms: number) => sleep(ms),
};

async function refreshOne({ body, attributes }: SQSRecord, context: Context): Promise<void> {
  const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - WRITE_DOWN));
  beginRequest(context.awsRequestId);
  try {
    const { request = context.awsRequestId, ...message } = parseMessage(body);
    beginRequest(request);
    const deliveries = Number(attributes.ApproximateReceiveCount);
    logRefresh(message.resultId, await refreshDue(deps, { ...message, deliveries }, signal));
  } catch (error) {
    const { awsRequestId: invocation } = context;
    log('error', 'refresh.crashed', { result_id: attributes.MessageGroupId, invocation, ...errorFields(error) });
    throw error;
  }
}

/** The queue hands over one message at a time; one whose refresh throws goes back to it. */
export const handler = lambda<SQSEvent, void>().handler(async ({ Records }, context) => {
  for (const record of Records) await refreshOne(record, context);
});
