import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import { groupKey, SCHEDULE } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { eventually } from '../stack/calls.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

let running: Shared;
beforeAll(async () => {
  running = await joinShared();
});

async function hold(status: string, resultId: string = randomUUID()): Promise<string> {
  const group = `{"overall_status":"${status}","items":[{"id":"a","status":"${status}"}]}`;
  await running.setGroup(resultId, group);
  return resultId;
}

interface Line {
  readonly event?: string;
  readonly request?: string;
  readonly invocation?: string;
  readonly result_id?: string;
}

/** The JSON lines in the logs of functions whose logical ids begin so. */
const lines = (beginning: string): Line[] =>
  Object.entries(running.stack.logFiles)
    .filter(([logicalId]) => logicalId.startsWith(beginning))
    .flatMap(([, file]) => readFileSync(file, 'utf8').split('\n'))
    .flatMap((line) => /\{"level":.*\}$/.exec(line)?.map((json) => JSON.parse(json)) ?? []);

/** The worker's lines of a group's refreshes, once there are `count` of them. */
const refreshes = (resultId: string, count: number) =>
  eventually(
    async () => lines('Refresh').filter((line) => line.event === 'refresh.done' && line.result_id === resultId),
    (found) => found.length >= count,
  );
const requestOf = (response: Response) => response.headers.get('x-request-id') ?? 'none';
const post = (path: string, body?: unknown) =>
  running.call(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

// A sweep can come first, by chance, and refresh a group that a caller has made due: then the line names the sweep.
const ORDINARILY = { retry: 2 };

it.concurrent(
  'the request id that a caller got is in the lines of the refreshes that it requested, through the queue',
  ORDINARILY,
  async () => {
    const id = await hold('IN_PROGRESS');
    const trackedBy = await post('/groups', { result_ids: [id] });
    expect(await refreshes(id, 1)).toMatchObject([{ request: requestOf(trackedBy) }]);

    const requestedBy = await post(`/groups/${id}/refresh`);
    expect((await refreshes(id, 2))[1]).toMatchObject({ request: requestOf(requestedBy) });

    const delivered = await running.deliver({ result_id: id });
    expect((await refreshes(id, 3))[2]).toMatchObject({ request: requestOf(delivered) });
  },
);

it.concurrent('a read of a snapshot older than 5 s requests a refresh, which names the read', async () => {
  const id = await hold('IN_PROGRESS');
  await running.list(`result_id=${id}`);
  await sleep(5_100);
  const read = await running.list(`result_id=${id}`);
  expect((await refreshes(id, 1))[0]).toMatchObject({ request: requestOf(read) });
});

it.concurrent('a refresh that the schedule started names the sweep', async () => {
  const id = await hold('IN_QUEUE');
  const read = await running.list(`result_id=${id}`);
  const [fetched] = lines('Verifications').filter((line) => line.result_id === id);
  expect(fetched).toMatchObject({ event: 'refresh.done', request: requestOf(read) });
  const [refreshed] = await eventually(
    async () => lines('Refresh').filter((line) => line.event === 'refresh.done' && line.result_id === id),
    (found) => found.length > 0,
    25_000,
  );
  const [announced] = lines('Refresh').filter((line) => line.event === 'announcement.done' && line.result_id === id);
  expect(announced).toMatchObject({ request: requestOf(read) });
  const sweeps = lines('Sweep').flatMap(({ event, request }) => (event === 'sweep.done' ? [request] : []));
  expect(sweeps).toContain(refreshed?.request);
});

it.concurrent('a refresh that crashed names the invocation beside the request, as its report does', async () => {
  const id = randomUUID();
  const { dynamodbEndpoint: endpoint, outputs, logFiles } = running.stack;
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS }));
  const Item = { pk: groupKey(id), sk: SCHEDULE, failures: 'none' };
  await table.send(new PutCommand({ TableName: outputs.TableName, Item }));
  const [refresh = '', log = ''] = Object.entries(logFiles).find(([name]) => name.startsWith('Refresh')) ?? [];
  const body = JSON.stringify({ result_id: id, due: 1, request: 'the-caller' });
  const Records = [{ body, attributes: { ApproximateReceiveCount: '1', MessageGroupId: id } }];
  expect(await running.invoke(refresh, { Records })).toMatchObject({ ok: false });
  const [crashed] = await eventually(
    async () => lines('Refresh').filter((line) => line.result_id === id),
    (found) => found.length > 0,
  );
  expect(crashed).toMatchObject({ event: 'refresh.crashed', request: 'the-caller' });
  await eventually(
    async () => readFileSync(log, 'utf8'),
    (text) => text.includes(`REPORT RequestId: ${crashed?.invocation} `),
  );
});
