import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditLog, auditLog, logsClient } from '../../../../../functions/adapters/aws/audit-log.ts';
import { type Logs, startLogs } from '../../../../../lib/local/logs/logs.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { temporaryDirectory } from '../../../lib/local/support/running.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const directory = temporaryDirectory();
let logs: Logs;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  logs = await startLogs();
  client = logsClient({ endpoint: logs.url, region: REGION, credentials: CREDENTIALS });
});
afterAll(async () => {
  client.destroy();
  await logs.close();
  directory.remove();
});

let file: string;
let log: AuditLog;
let made = 0;
beforeEach(() => {
  made += 1;
  file = join(directory.path, `${made}.log`);
  logs.open(`group-${made}`, file);
  log = auditLog(client, `group-${made}`);
});

const event = (timestamp: number, message = `at ${timestamp}`) => ({ timestamp, message });
/** An event as the local log group keeps it. */
const kept = ({ timestamp, message }: ReturnType<typeof event>) => {
  const time = new Date(timestamp).toISOString();
  return `${time} ${time.slice(0, 10)}: ${message}`;
};
const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);

describe('the audit log', () => {
  it('takes events with their own times, in the order of these, into a stream for each day', async () => {
    const midnight = Math.floor(Date.now() / DAY) * DAY;
    const events = [midnight + 2, midnight - 1, midnight + 1, midnight - 2 * DAY, midnight + 1].map((at, i) =>
      event(at, String(i)),
    );
    await log.append(events);
    expect(lines()).toEqual([3, 1, 2, 4, 0].flatMap((i) => events.slice(i, i + 1)).map(kept));
  });

  it('goes on with a stream that is there already, and that another makes at the same moment', async () => {
    const now = Date.now();
    await log.append([event(now, 'a')]);
    await Promise.all(['b', 'c', 'd'].map((one) => log.append([event(now, one)])));
    const tomorrow = Array.from({ length: 8 }, (_, i) => log.append([event(now - DAY, `y${i}`)]));
    await Promise.all(tomorrow);
    expect(lines()).toHaveLength(12);
  });

  it('takes nothing without a word: an empty delivery writes nothing', async () => {
    await log.append([]);
    expect(lines()).toEqual([]);
  });

  it('takes more than one call may carry, by count and by bytes', { timeout: 60_000 }, async () => {
    const now = Date.now();
    await log.append(Array.from({ length: 20_001 }, (_, i) => event(now, String(i))));
    expect(lines()).toHaveLength(20_001);
    // Three bytes a letter: it is bytes that count.
    const large = '語'.repeat(100_000);
    await log.append(Array.from({ length: 8 }, () => event(now, large)));
    expect(lines()).toHaveLength(20_009);
  });

  it('fails loud when events are too old or too new, and keeps the others', async () => {
    const now = Date.now();
    const good = event(now - 13 * DAY);
    const events = [event(now - 15 * DAY), good, event(now + 3 * HOUR), event(now - 16 * DAY)];
    await expect(log.append(events)).rejects.toThrow('CloudWatch Logs rejected 3 of 4 events because of their time');
    expect(lines()).toEqual([kept(good)]);
  });

  it('fails when the log group is not there', async () => {
    await expect(auditLog(client, 'nowhere').append([event(Date.now())])).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
