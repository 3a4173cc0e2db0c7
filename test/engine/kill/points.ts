import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

/** Told of every write and every call of a queue or bus before it is made, in their order; what it gives is called after it was made. */
export type Listener = (point: string) => () => void;

const READS = new Set(['GetItemCommand', 'QueryCommand', 'BatchGetItemCommand', 'ScanCommand']);

/**
 * Has a client tell of its calls. A call is told of once, however often the SDK has to send it; one that fails has an
 * after, too.
 */
export function watch(client: DynamoDBDocumentClient | SQSClient | EventBridgeClient, listener: Listener): void {
  // The types of the clients' stacks differ, and this middleware serves them all.
  const stack = client.middlewareStack as Pick<SQSClient['middlewareStack'], 'add'>;
  stack.add(
    (next, context) => async (args) => {
      const command = context.commandName ?? '';
      if (READS.has(command)) return next(args);
      const done = listener(nameOf(command, args.input));
      try {
        return await next(args);
      } finally {
        done();
      }
    },
    { step: 'initialize', name: 'killPoints' },
  );
}

const Key = z.object({ pk: z.string(), sk: z.string() });
const Entry = z.object({ result_id: z.string() }).transform(() => ({ pk: 'ledger', sk: '' }));
const Row = z.union([
  z.object({ Key }).transform((input) => input.Key),
  z.object({ Item: Key }).transform((input) => input.Item),
  z.object({ Item: Entry }).transform((input) => input.Item),
]);

/** `UpdateItem head#schedule`: what tells a row's kind, without what tells it from others of its kind. */
function nameOf(command: string, input: unknown): string {
  const name = command.replace(/Command$/, '');
  const row = Row.safeParse(input).data;
  if (!row) return name;
  return `${name} ${row.pk.startsWith('group#') ? row.sk.replace(/^(history|page|change|event)#.*/, '$1#') : row.pk}`;
}
