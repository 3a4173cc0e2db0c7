import { setTimeout as sleep } from 'node:timers/promises';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { anycheckClient } from '../../../functions/adapters/anycheck/client.ts';
import { anycheckHttp } from '../../../functions/adapters/anycheck/http.ts';
import { eventBus } from '../../../functions/adapters/aws/event-bus.ts';
import { refreshQueue } from '../../../functions/adapters/aws/refresh-queue.ts';
import { budgetRow } from '../../../functions/adapters/dynamodb/budget-row.ts';
import { changeHistory } from '../../../functions/adapters/dynamodb/change-rows.ts';
import { dueIndex } from '../../../functions/adapters/dynamodb/due-index.ts';
import { ledger } from '../../../functions/adapters/dynamodb/ledger.ts';
import { workerStore } from '../../../functions/adapters/dynamodb/worker-store.ts';
import type { EraseDeps } from '../../../functions/domain/erasure/erase.ts';
import type { ListDeps } from '../../../functions/domain/read/list-verifications.ts';
import type { DueIndex } from '../../../functions/domain/refresh/queue.ts';
import type { RefreshDueDeps } from '../../../functions/domain/refresh/refresh-due.ts';
import type { WorkerStore } from '../../../functions/domain/store/ports.ts';
import type { AnyCheck } from '../../../functions/domain/upstream/anycheck.ts';
import { rateLimiter } from '../../../functions/domain/upstream/limiter.ts';
import { UNLIMITED } from '../../fakes/quota.ts';

/** Where the engines are that a process of the service works on. */
export interface Place {
  readonly table: string;
  readonly ledgerTable: string;
  readonly queueUrl: string;
  readonly busName: string;
  readonly anycheckUrl: string;
  readonly apiKey: string;
}

/** The service as one process has it: the adapters that are deployed, under a clock that can be ahead of the engines'. */
export interface Parts extends ListDeps, EraseDeps, Pick<RefreshDueDeps, 'bus' | 'onAnnouncement'> {
  readonly store: WorkerStore;
  readonly index: DueIndex;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly signal: AbortSignal;
}

/** ms: as long as a worker may run. */
const TIMEOUT = 110_000;

interface Engines {
  readonly client: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  readonly now: () => number;
}

export function partsAt(place: Place, engines: Engines): Parts {
  const { table, ledgerTable, queueUrl } = place;
  const { client, sqs, eventBridge, now } = engines;
  return {
    store: workerStore({ client, table, retentionDays: 10, now }),
    history: changeHistory(client, table),
    ledger: ledger(client, ledgerTable),
    index: dueIndex(client, table),
    queue: refreshQueue(sqs, queueUrl, () => 'kill'),
    bus: eventBus(eventBridge, place.busName, () => {}),
    onAnnouncement: () => {},
    // A recheck that is lost is made up for by a sweep.
    delayed: { enqueue: async () => {} },
    anycheck: anycheckAt(place, engines),
    unknownReads: UNLIMITED,
    newGroups: UNLIMITED,
    freshSeconds: { active: 5, waiting: 60, settled: 900 },
    sqs,
    queueUrl,
    signal: AbortSignal.timeout(TIMEOUT),
    now,
    // Without jitter, so that each run of a scenario makes the same calls.
    random: () => 0.5,
    sleep: (ms) => sleep(ms),
    onRead: () => {},
    onRefresh: () => {},
    onQueueFault: (_, error) => {
      throw error;
    },
  };
}

/** AnyCheck as the functions have it, but for where the key comes from, and fast enough not to be waited for. */
function anycheckAt({ table, anycheckUrl, apiKey }: Place, { client, now }: Engines): AnyCheck {
  const access = { headers: { 'x-api-key': apiKey }, credentials: 'key', session: undefined };
  return anycheckClient({
    http: anycheckHttp(anycheckUrl),
    limiter: rateLimiter({
      store: budgetRow(client, table),
      priority: 'worker',
      settings: { share: 1, maxRps: 10_000 },
      now,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      random: Math.random,
      emit: () => {},
      count: () => {},
    }),
    authorization: { access: async () => access, renewed: async () => undefined, accepted: async () => {} },
    random: () => 0,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  });
}
