import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import { GroupEvent } from '../../../functions/domain/events/event.ts';
import { startEventBuses } from '../../../lib/local/events/event-buses.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { startQueues } from '../../../lib/local/queues/queues.ts';
import { startTables } from '../../../lib/local/storage/tables.ts';
import { openStack } from '../../../lib/local/template/stack.ts';
import { Template } from '../../../lib/local/template/template.ts';
import { type Sandbox, startSandbox } from '../../../lib/sandbox/server.ts';
import { templateOf } from '../../fakes/template.ts';

/** The app's table and queues, made for one run of a scenario. */
export interface Resources {
  readonly table: string;
  readonly ledgerTable: string;
  readonly queueUrl: string;
  readonly busName: string;
  /** Messages in the queue, received ones included, and messages in the dead-letter queue. */
  messages(): Promise<{ queued: number; dead: number }>;
  /** What was received and not deleted can be received again, as when the queue's visibility timeout is over. */
  reappear(): Promise<void>;
}

/** The engines of all runs, on disk, and AnyCheck's sandbox. */
export interface World {
  readonly client: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
  /** What a consumer of the event bus has heard of a group, repetitions included. */
  heard(resultId: string): readonly GroupEvent[];
  readonly sandbox: Sandbox;
  /** What a process needs to find the engines. */
  readonly env: Readonly<Record<string, string>>;
  resources(): Promise<Resources>;
  close(): Promise<void>;
}

const Messages = z.array(z.unknown());
const Inspected = z.object({ messages: z.object({ ready: Messages, delayed: Messages, inflight: Messages }) });

export async function startWorld(): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'kill-'));
  const [tables, queues, eventBuses, sandbox] = await Promise.all([
    startTables({ directory: join(directory, 'tables') }),
    startQueues(join(directory, 'queues')),
    startEventBuses(directory),
    startSandbox(),
  ]);
  sandbox.controls.setLimits({ limit: null });
  const client = documentClient(3, 5_000, { endpoint: tables.endpoint, region: REGION, credentials: CREDENTIALS });
  const eventBridge = new EventBridgeClient({
    endpoint: eventBuses.url,
    region: REGION,
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  const heard: GroupEvent[] = [];
  const consumer = {
    destinations: [],
    deliver: (_: string, { detail }: { detail: unknown }) => void heard.push(GroupEvent.parse(detail)),
    close: async () => {},
  };
  const template = Template.parse(templateOf().toJSON());
  let made = 0;

  const inspect = async (name = '') => {
    const answer = await fetch(`${queues.endpoint}/_fauxqs/queues/${name}`);
    return Inspected.parse(await answer.json()).messages;
  };
  const count = async (name = '') => {
    const { ready, delayed, inflight } = await inspect(name);
    return ready.length + delayed.length + inflight.length;
  };

  return {
    client,
    sqs: queues.client,
    eventBridge,
    heard: (resultId) => heard.filter(({ data }) => data.result_id === resultId),
    sandbox,
    env: {
      AWS_ENDPOINT_URL_EVENTBRIDGE: eventBuses.url,
      AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
      AWS_ENDPOINT_URL_SQS: queues.endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    },
    async resources() {
      const assembly = { stackName: `run-${++made}`, template, asset: () => '' };
      const stack = openStack(assembly, { gateway: '', queues: queues.endpoint });
      await Promise.all([tables.create(stack), queues.create(stack)]);
      eventBuses.serve(stack, consumer);
      const { TableName, LedgerTableName, RefreshQueueUrl, DeadLetterQueueUrl, EventBusName } = stack.outputs;
      if (!TableName || !LedgerTableName || !RefreshQueueUrl || !DeadLetterQueueUrl || !EventBusName) {
        throw new Error('the template names no tables, queues or event bus');
      }
      const name = basename(RefreshQueueUrl);
      return {
        table: TableName,
        ledgerTable: LedgerTableName,
        queueUrl: RefreshQueueUrl,
        busName: EventBusName,
        async messages() {
          return { queued: await count(name), dead: await count(basename(DeadLetterQueueUrl)) };
        },
        async reappear() {
          if ((await inspect(name)).inflight.length === 0) return;
          // As at the next start of the local run: within a second.
          await queues.create(stack);
          await sleep(1_100);
        },
      };
    },
    async close() {
      client.destroy();
      eventBridge.destroy();
      await Promise.all([tables.close(), queues.close(), eventBuses.close(), sandbox.close()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
