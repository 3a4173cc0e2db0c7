import { writeSync } from 'node:fs';
import * as z from 'zod';
import { eventBridgeClient } from '../../../functions/adapters/aws/event-bus.ts';
import { sqsClient } from '../../../functions/adapters/aws/refresh-queue.ts';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import { partsAt } from './parts.ts';
import { watch } from './points.ts';
import { scenarios } from './scenarios.ts';

/** What a child is to do: a scenario, up to one side of its n-th write or queue call (from 1), or to its end. */
export const Order = z.object({
  scenario: z.string(),
  resultId: z.string(),
  place: z.object({
    table: z.string(),
    ledgerTable: z.string(),
    queueUrl: z.string(),
    busName: z.string(),
    anycheckUrl: z.string(),
    apiKey: z.string(),
  }),
  death: z.object({ nth: z.number(), side: z.enum(['before', 'after']) }).optional(),
});
export type Order = z.output<typeof Order>;

const { scenario: name, resultId, place, death } = Order.parse(JSON.parse(process.argv[2] ?? ''));
const scenario = scenarios.find((one) => one.name === name);
if (!scenario) throw new Error(`there is no scenario ${name}`);

const say = (line: string) => writeSync(1, `${line}\n`);
const reach = (nth: number, side: 'before' | 'after') => {
  // Nothing runs after this: no handler, no call that waits, no flush.
  if (nth === death?.nth && side === death.side) process.kill(process.pid, 'SIGKILL');
};
let calls = 0;
const client = documentClient(1, 10_000);
const sqs = sqsClient(1, 10_000);
const eventBridge = eventBridgeClient(1, 10_000);
for (const one of [client, sqs, eventBridge]) {
  watch(one, (point) => {
    const nth = ++calls;
    say(point);
    reach(nth, 'before');
    return () => reach(nth, 'after');
  });
}

scenario.run(partsAt(place, { client, sqs, eventBridge, now: Date.now }), resultId).then(
  (end) => say(`= ${end}`),
  (error) => {
    throw error;
  },
);
