import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  type InputLogEvent,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Logs, startLogs } from '../../../../../lib/local/logs/logs.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { temporaryDirectory } from '../support/running.ts';

const HOUR = 3_600_000;
const directory = temporaryDirectory();
let logs: Logs;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  logs = await startLogs();
  client = new CloudWatchLogsClient({ endpoint: logs.url, region: REGION, credentials: CREDENTIALS });
});
afterAll(async () => {
  client.destroy();
  await logs.close();
  directory.remove();
});

/** A log group with one stream, `s`. */
async function opened(logGroupName: string): Promise<string> {
  const file = join(directory.path, `${logGroupName}.log`);
  logs.open(logGroupName, file);
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
  return file;
}
const put = (logGroupName: string, logEvents: InputLogEvent[], logStreamName = 's') =>
  client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));

it('adds events to the group’s file, each with its time and its stream', async () => {
  const file = await opened('group');
  expect(existsSync(file)).toBe(false);
  const now = Date.now();
  await put('group', [
    { timestamp: now - HOUR, message: 'first' },
    { timestamp: now, message: 'second' },
  ]);
  await put('group', [{ timestamp: now, message: 'third' }]);
  const time = new Date(now).toISOString();
  expect(readFileSync(file, 'utf8')).toBe(
    `${new Date(now - HOUR).toISOString()} s: first\n${time} s: second\n${time} s: third\n`,
  );
});

it('knows no group and no stream that was not made, and makes a stream once', async () => {
  await opened('known');
  const event = { timestamp: Date.now(), message: 'm' };
  const missing = { name: 'ResourceNotFoundException' };
  await expect(put('unknown', [event])).rejects.toMatchObject(missing);
  await expect(put('known', [event], 'other')).rejects.toMatchObject(missing);
  const create = (logGroupName: string) =>
    client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
  await expect(create('unknown')).rejects.toMatchObject(missing);
  await expect(create('known')).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
});

it('returns which events it left out for their time, and stores the others', async () => {
  const file = await opened('times');
  const now = Date.now();
  const at = (hours: number) => ({ timestamp: now + hours * HOUR, message: `${hours} h` });
  const { rejectedLogEventsInfo } = await put('times', [at(-14 * 24 - 1), at(-14 * 24 + 1)]);
  expect(rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
  expect((await put('times', [at(1), at(3)])).rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
  expect((await put('times', [at(0)])).rejectedLogEventsInfo).toBeUndefined();
  const kept = readFileSync(file, 'utf8').trim().split('\n');
  expect(kept.map((line) => line.slice(line.indexOf('s: ') + 3))).toEqual(['-335 h', '1 h', '0 h']);
});

it('refuses a batch out of order, over a day, over 10,000 events or over 1 MB', async () => {
  const file = await opened('limits');
  const now = Date.now();
  const many = (count: number, message: string) => Array.from({ length: count }, () => ({ timestamp: now, message }));
  const times = (...all: number[]) => all.map((timestamp) => ({ timestamp, message: 'm' }));
  for (const batch of [
    times(now, now - 1),
    times(now - 25 * HOUR, now),
    many(10_001, 'm'),
    many(2, 'm'.repeat(524_288 - 25)),
    many(1, ''),
    [],
  ]) {
    await expect(put('limits', batch)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  }
  expect(existsSync(file)).toBe(false);
  await put('limits', many(2, 'm'.repeat(524_288 - 26)));
  await put('limits', many(10_000, 'm'));
});
