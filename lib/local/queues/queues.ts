import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import * as z from 'zod';
import { codeOf, LocalFault, messageOf, onPort } from '../fault.ts';
import { refuseOtherMachines } from '../http/loopback.ts';
import { CREDENTIALS, REGION } from '../names.ts';
import { IGNORED } from '../template/ignored.ts';
import type { Resource, Stack } from '../template/stack.ts';

/** The queue engine, an SQS endpoint that stores messages in a directory. */
export interface Queues {
  readonly endpoint: string;
  readonly client: SQSClient;
  /** Creates the stack's queues, or applies the template's settings to the queues of an earlier run. */
  create(stack: Stack): Promise<void>;
  close(): Promise<void>;
}

const seconds = z.int().transform(String).optional();
export const QueueProperties = z.strictObject({
  ContentBasedDeduplication: z.literal(true).transform(String).optional(),
  DeduplicationScope: z.string().optional(),
  FifoQueue: z.literal(true).transform(String).optional(),
  FifoThroughputLimit: z.string().optional(),
  MessageRetentionPeriod: seconds,
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.int() })
    .transform((policy) => JSON.stringify(policy))
    .optional(),
  SqsManagedSseEnabled: IGNORED,
  VisibilityTimeout: seconds,
});

/** @param fixedPort 0: any free port. @throws LocalFault when the port is in use. */
export async function startQueues(directory: string, fixedPort = 0): Promise<Queues> {
  refuseOtherMachines();
  const engine = await onPort('QUEUES_PORT', fixedPort, (port) =>
    startFauxqs({ port, logger: false, dataDir: directory, defaultRegion: REGION }),
  );
  const endpoint = `http://127.0.0.1:${engine.port}`;
  const client = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });

  /** Makes in-flight messages of an earlier run visible now. Their workers ended with that run. */
  const makeVisible = async (queue: Resource): Promise<void> => {
    const name = queue.attributes.QueueName ?? '';
    for (const { receiptHandle } of engine.inspectQueue(name)?.messages.inflight ?? []) {
      // One second, because the engine cannot store a timeout of 0.
      await client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: queue.ref, ReceiptHandle: receiptHandle, VisibilityTimeout: 1 }),
      );
    }
  };
  const create = async (queue: Resource): Promise<void> => {
    // The engine accepts these three attributes only at creation.
    const { FifoQueue, DeduplicationScope, FifoThroughputLimit, ...changeable } = queue.properties(QueueProperties);
    const name = queue.attributes.QueueName ?? '';
    try {
      await client.send(new GetQueueUrlCommand({ QueueName: name }));
      await client.send(new SetQueueAttributesCommand({ QueueUrl: queue.ref, Attributes: defined(changeable) }));
    } catch (error) {
      if (codeOf(error) !== 'QueueDoesNotExist')
        throw new LocalFault(`${queue.logicalId} cannot be created here: ${messageOf(error)}`, { cause: error });
      const fifo = FifoQueue === 'true' ? { FifoQueue, DeduplicationScope, FifoThroughputLimit } : {};
      const attributes = defined({ ...changeable, ...fifo });
      await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    }
    await makeVisible(queue);
  };
  return {
    endpoint,
    client,
    async create(stack) {
      for (const queue of stack.resources('AWS::SQS::Queue')) await create(queue);
    },
    async close() {
      client.destroy();
      await engine.stop();
    },
  };
}

const defined = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
