import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, it, onTestFinished } from 'vitest';
import { actEvent } from '../../../../../functions/domain/events/group-events.ts';
import { serve } from '../../../../../lib/local/http/serve.ts';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { writeAssembly } from '../support/assembly.ts';
import { startProcess } from '../support/process.ts';
import { run, scratch } from '../support/running.ts';

const RESULT_ID = '88888888-8888-4888-8888-888888888888';
const resources = { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'announcements' } } };

const printing = (dataDir: string) => {
  const running = startProcess('bin/events.ts', { DATA_DIR: dataDir });
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
};

async function announce({ eventsEndpoint }: LocalStack, versions: readonly number[]): Promise<void> {
  const client = new EventBridgeClient({ endpoint: eventsEndpoint, region: REGION, credentials: CREDENTIALS });
  for (const version of versions) {
    const event = actEvent('group.redacted', RESULT_ID, version, Date.now());
    const entry = { Source: 'anycheck-snapshots', DetailType: event.type, Detail: JSON.stringify(event) };
    await client.send(new PutEventsCommand({ Entries: [{ EventBusName: 'announcements', ...entry }] }));
  }
  client.destroy();
}

const versionsIn = (text: string) =>
  [...text.matchAll(/group\.redacted 8{8}\S+ v(\d+) redacted\n/g)].map(([, v]) => Number(v));

it('npm run events prints the last events of a run, then each new one, until the run ends', async () => {
  const directory = scratch();
  const dataDir = join(directory, 'data');
  const stack = await run({ resources }, directory);
  onTestFinished(() => stack.close());

  const first = printing(dataDir);
  await first.says('No event yet.');
  expect(first.said()).toContain(
    `Connected to the local run in ${dataDir} at ${stack.eventsEndpoint}: events of announcements.`,
  );
  const all = Array.from({ length: 103 }, (_, at) => at + 1);
  await announce(stack, all);
  await first.says('v103 redacted\n');
  expect(versionsIn(first.said())).toEqual(all);

  const second = printing(dataDir);
  await second.says('v103 redacted\n');
  expect(second.said()).toContain('The last events of this run (100), then new ones:');
  await announce(stack, [104]);
  await second.says('v104 redacted\n');
  expect(versionsIn(second.said())).toEqual([...all.slice(3), 104]);

  second.child.kill('SIGINT');
  expect((await second.ended()).status).toBe(0);
  expect(second.said()).toMatch(/v104 redacted\n$/);
  await stack.close();
  expect((await first.ended()).status).toBe(0);
  expect(first.said()).toMatch(/v104 redacted\nThe local run ended\.\n$/);
});

it('npm run events says so where the stack has no event bus', async () => {
  const directory = scratch();
  const stack = await run({ resources: {} }, directory);
  onTestFinished(() => stack.close());
  const running = printing(join(directory, 'data'));
  await running.says('its stack has no event bus. Ctrl-C ends this.');
});

it('npm run events ends with the run that was killed, and with one line and status 1 where nothing runs', async () => {
  const directory = scratch();
  const dataDir = join(directory, 'data');
  const ASSEMBLY = writeAssembly(join(directory, 'assembly'), { resources });
  const refused = async () => {
    const running = printing(dataDir);
    expect((await running.ended()).status).toBe(1);
    expect(running.said()).toBe(
      `No local run uses the directory ${dataDir}: start one with \`npm start\`, or name its directory with DATA_DIR.\n`,
    );
  };
  await refused();

  const started = startProcess('test/engine/lib/local/support/start.ts', { ASSEMBLY, DATA_DIR: dataDir });
  onTestFinished(() => void started.child.kill('SIGKILL'));
  await started.says('ready');
  const running = printing(dataDir);
  await running.says('No event yet.');
  started.child.kill('SIGKILL');
  expect((await running.ended()).status).toBe(0);
  expect(running.said()).toMatch(/The local run ended\.\n$/);
  await refused();

  // Another program has the port that the killed run had.
  const other = await serve(createServer((_, response) => void response.end('hello\n')));
  onTestFinished(() => other.close());
  writeFileSync(join(dataDir, 'events-url'), other.url);
  await refused();
});
