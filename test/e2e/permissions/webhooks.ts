import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import { dueForUpkeep, stateKey } from '../../../functions/adapters/dynamodb/webhooks/state-row.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { eventually } from '../stack/calls.ts';
import type { Running } from '../stack/running.ts';
import { type ListedDelivery, webhooksOf } from '../webhook-endpoints/world.ts';
import type { Guard } from './guard.ts';

/**
 * Takes webhook endpoints through all that can happen to them: every route, an attempt that is retried, parked deliveries,
 * upkeeps, an endpoint that is disabled and one that is deleted.
 * @param publish makes a new version of a group, and returns it.
 */
export async function useWebhooks(running: Running, guard: Guard, publish: () => Promise<number>): Promise<void> {
  const { endpoint, deliveries, call, clear } = webhooksOf(() => running);
  const { stack } = running;
  const at = { endpoint: stack.dynamodbEndpoint, region: REGION, credentials: CREDENTIALS };
  const client = documentClient(1, 5_000, at);
  const setState = (id: string, state: Readonly<Record<string, unknown>>) =>
    client.send(
      new UpdateCommand({
        TableName: stack.outputs.TableName,
        Key: stateKey(id),
        UpdateExpression: `SET ${Object.keys(state).map((name) => `${name} = :${name}`)}`,
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries(state).map(([name, value]) => [`:${name}`, value]),
        ),
      }),
    );
  /** The sweep queues the endpoint's upkeep. */
  const makeUpkeepDue = (id: string) => setState(id, dueForUpkeep(Date.now()));
  const ok = async (method: string, path: string, body?: unknown) => {
    const response = await call(method, `/webhook-endpoints${path}`, body);
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}`);
  };

  /** Waits until the delivery of a version is as it should be. */
  const whenDelivery = async (endpointId: string, version: number, is: (one: ListedDelivery) => boolean) => {
    const ofVersion = async () => (await deliveries(endpointId)).find((one) => one.version === version);
    return eventually(ofVersion, (one) => one !== undefined && is(one));
  };

  const { id, receiver } = await endpoint();
  receiver.status = 500;
  const first = await publish();
  await whenDelivery(id, first, ({ attempt_count: count }) => count === 1);
  receiver.status = 204;
  // The retry comes after 5 s.
  const delivery = await whenDelivery(id, first, ({ status }) => status === 'delivered');
  // The breaker is open: the next delivery is parked, and the upkeep sends it as the probe.
  await setState(id, { probe_at: Date.now() });
  const second = await publish();
  await whenDelivery(id, second, (one) => one.status === 'pending' && one.next_attempt === null);
  await makeUpkeepDue(id);
  await whenDelivery(id, second, ({ status }) => status === 'delivered');
  await ok('GET', '');
  await ok('GET', `/${id}`);
  await ok('PATCH', `/${id}`, { description: 'Loans' });
  await ok('POST', `/${id}/rotate-secret`);
  await ok('POST', `/${id}/test`);
  await ok('POST', `/${id}/deliveries/${delivery?.delivery_id}/resend`);
  await ok('POST', `/${id}/recover`, { since: new Date(Date.now() - 60_000).toISOString() });
  await eventually(
    async () => receiver.received.length,
    (count) => count >= 5,
  );

  // The service disables an endpoint and announces that.
  const gone = await endpoint();
  gone.receiver.status = 410;
  await publish();
  await eventually(
    async () => [...guard.used],
    (used) => used.some((one) => /^Deliver dynamodb:UpdateItem .* webhook#endpoints$/.test(one)),
  );
  // The bus refuses the announcement of a deletion: an upkeep makes up for it, and forgets the endpoint.
  guard.failNext('events:PutEvents', 1);
  await ok('DELETE', `/${gone.id}`);
  await makeUpkeepDue(gone.id);
  // Any other call would announce it as well.
  await eventually(
    async () => [...guard.used],
    (used) => used.some((one) => /^Deliver dynamodb:DeleteItem .* webhook#endpoints$/.test(one)),
  );
  await clear();
}
