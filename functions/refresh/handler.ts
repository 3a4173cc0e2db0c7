import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { PartialItemFailureResponse } from '@aws-lambda-powertools/batch/types';
import middy from '@middy/core';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { documentClient } from '../adapters/document-client.ts';
import { parseMessage } from '../adapters/refresh-queue.ts';
import { snapshotStore } from '../adapters/snapshot-store.ts';
import { refreshDue } from '../domain/refresh-due.ts';
import { anycheckFrom } from '../runtime/anycheck.ts';
import { parseEnv } from '../runtime/env.ts';
import { errorFields, log } from '../runtime/log.ts';
import { logRefresh } from '../runtime/refresh-log.ts';
import { Env } from './env.ts';

/** ms of the function's time that are left for writing down how a look ended. */
const WRITE_DOWN = 10_000;

const env = parseEnv(Env);
const client = documentClient();
const deps = {
  store: snapshotStore({ client, table: env.TABLE_NAME, retentionDays: env.RETENTION_DAYS, now: Date.now }),
  anycheck: anycheckFrom(env, client),
  now: Date.now,
  random: Math.random,
};

async function refreshOne(record: SQSRecord, context: Context): Promise<void> {
  const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - WRITE_DOWN));
  const message = parseMessage(record.body);
  try {
    logRefresh(message.resultId, await refreshDue(deps, message, signal));
  } catch (error) {
    log('error', 'refresh.crashed', { result_id: message.resultId, ...errorFields(error) });
    throw error;
  }
}

/** Groups side by side; a message whose refresh threw goes back to the queue alone. */
export const handler = middy<SQSEvent, PartialItemFailureResponse>().handler((event, context) =>
  processPartialResponse(event, (record: SQSRecord) => refreshOne(record, context), new BatchProcessor(EventType.SQS), {
    context,
    throwOnFullBatchFailure: false,
  }),
);
