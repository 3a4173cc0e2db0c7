import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { BusEvent, STREAM_PATH } from '../../../lib/local/events/stream.ts';
import { eventually } from '../stack/calls.ts';
import type { Running } from '../stack/running.ts';
import { type Received, type Receiver, startReceiver } from './receiver.ts';

const Created = z.object({ id: z.string(), secret: z.string() });
const Delivery = z.looseObject({
  delivery_id: z.string(),
  event_id: z.string(),
  type: z.string(),
  result_id: z.string(),
  version: z.int(),
  status: z.string(),
  cancel_reason: z.string().nullable(),
  attempts: z.array(z.looseObject({ status: z.int().nullable() })),
  attempt_count: z.int(),
  next_attempt: z.string().nullable(),
});
export type ListedDelivery = z.infer<typeof Delivery>;
const Deliveries = z.object({ items: z.array(Delivery) });

export interface Endpoint {
  readonly id: string;
  readonly secret: string;
  readonly receiver: Receiver;
}

/** Webhook endpoints of a running service, and the events of its bus. */
export function webhooksOf(running: () => Running) {
  const bus: BusEvent['event'][] = [];
  const endpoints: Endpoint[] = [];
  const call = (method: string, path: string, body?: unknown) =>
    running().call(path, {
      method,
      headers: { authorization: `Bearer ${running().token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    /** The events that the bus accepted. */
    bus,
    call,
    /** Deletes the endpoints, and ends their receivers. */
    async clear(): Promise<void> {
      for (const { id, receiver } of endpoints.splice(0)) {
        await call('DELETE', `/webhook-endpoints/${id}`);
        await receiver.close();
      }
    },
    /** Reads the events of the bus from now on. */
    listen(): void {
      get(`${running().stack.eventsEndpoint}${STREAM_PATH}`, (response) => {
        const lines = createInterface({ input: response }).on('error', () => {});
        lines.on('line', (line) => {
          const { success, data } = BusEvent.safeParse(JSON.parse(line));
          if (success) bus.push(data.event);
        });
      }).on('error', () => {});
    },
    /** Registers a receiver of its own. */
    async endpoint(more: object = {}, path?: string): Promise<Endpoint> {
      const receiver = await startReceiver(path);
      const response = await call('POST', '/webhook-endpoints', { url: receiver.url, ...more });
      const endpoint = { ...Created.parse(await response.json()), receiver };
      endpoints.push(endpoint);
      return endpoint;
    },
    /** Publishes a version of a group. @returns its id. */
    async publish(status: string, resultId: string = randomUUID()): Promise<string> {
      running().sandbox.controls.setGroup(
        resultId,
        `{"overall_status":"${status}","items":[{"id":"a","status":"${status}"}]}`,
      );
      const response = await running().list(`result_id=${resultId}`, { 'cache-control': 'no-cache' });
      if (response.status !== 200) throw new Error(`the read of a new version was answered with ${response.status}`);
      return resultId;
    },
    /** Waits until a receiver has got as many requests about a group. */
    received: (receiver: Receiver, resultId: string, count = 1): Promise<readonly Received[]> =>
      eventually(
        async () => receiver.about(resultId),
        (all) => all.length >= count,
      ),
    /** The deliveries to an endpoint, newest first. */
    async deliveries(endpointId: string, query = ''): Promise<ListedDelivery[]> {
      const response = await call('GET', `/webhook-endpoints/${endpointId}/deliveries${query}`);
      return Deliveries.parse(await response.json()).items;
    },
  };
}
