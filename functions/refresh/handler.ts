import { setTimeout as sleep } from 'node:timers/promises';
import { eventBusOnDemand } from '../adapters/aws/event-bus-on-demand.ts';
import { queueOnDemand } from '../adapters/aws/queue-on-demand.ts';
import { parseMessage } from '../adapters/aws/refresh-message.ts';
import { busRow } from '../adapters/dynamodb/bus-row.ts';
import { ledger } from '../adapters/dynamodb/ledger.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { workerStore } from '../adapters/dynamodb/worker-store.ts';
import { erase } from '../domain/erasure/erase.ts';
import { pausingBus } from '../domain/events/event-bus.ts';
import { recordingBus } from '../domain/events/recording-bus.ts';
import { anycheckFrom } from '../runtime/anycheck.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { logAnnouncement, logRefusedEvent } from '../runtime/log/announcement-log.ts';
import { logQueueFault } from '../runtime/log/refresh-log.ts';
import { queue } from '../runtime/queue.ts';
import { groupRetentionMs } from '../runtime/retention-env.ts';
import { Env } from './env.ts';
import { refreshMessage } from './refresh-message.ts';

const env = parseEnv(Env);
const client = documentClient(4, 5_000);
const store = workerStore({ client, table: env.TABLE_NAME, retentionDays: env.RETENTION_DAYS, now: Date.now });
const refreshes = queueOnDemand(({ refreshQueue, sqsClient }) =>
  refreshQueue(sqsClient(3, 2_000), env.REFRESH_QUEUE_URL, currentRequest),
);
const bus = eventBusOnDemand(({ eventBus, eventBridgeClient }) =>
  eventBus(eventBridgeClient(2, 2_000), env.EVENT_BUS_NAME, logRefusedEvent),
);
const erasing = { store, ledger: ledger(client, env.LEDGER_TABLE_NAME), queue: refreshes, now: Date.now };
const deps = {
  store,
  queue: refreshes,
  delayed: queueOnDemand(({ delayQueue, sqsClient }) =>
    delayQueue(sqsClient(3, 2_000), env.DELAY_QUEUE_URL, currentRequest, Date.now),
  ),
  onQueueFault: logQueueFault,
  // A refresh waits for the bus: at most 4 s, and then no more for a while.
  bus: pausingBus(recordingBus(bus, busRow(client, env.TABLE_NAME).record, Date.now), Date.now),
  onAnnouncement: logAnnouncement,
  groupRetentionMs: groupRetentionMs(env),
  erase: (resultId: string) => erase(erasing, resultId),
  anycheck: anycheckFrom(env, client, 'worker'),
  now: Date.now,
  random: Math.random,
  sleep: (ms: number) => sleep(ms),
};

/** The event source invokes the function with one message at a time. */
export const handler = queue((body) => parseMessage(body).request, refreshMessage(deps), 'refresh.crashed');
