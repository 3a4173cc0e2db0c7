import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { lambda } from './support/assembly.ts';
import { RECORDING, recordedIn, recordTo } from './support/recording.ts';
import { runHere, scratch } from './support/running.ts';

const target = (fn: string) => ({ Arn: { 'Fn::GetAtt': [fn, 'Arn'] } });
const schedule = (fn: string) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    State: 'ENABLED',
    Target: {
      ...target(fn),
      RoleArn: 'arn:aws:iam::000000000000:role/x',
    },
  },
});

it('every schedule fires at the pace of the local run, with the event that EventBridge would send', async () => {
  const directory = scratch();
  const file = (name: string) => join(directory, name);
  const bundle = `${RECORDING} exports.handler = async (event) => record(event);`;
  await runHere(
    {
      resources: {
        Every: schedule('Plain'),
        Other: schedule('Second'),
        Plain: lambda('record', recordTo(file('plain'))),
        Second: lambda('record', recordTo(file('second'))),
      },
      bundles: { record: bundle },
    },
    { sweepSeconds: 0.3 },
  );
  await vi.waitFor(() => expect(recordedIn(file('plain')).length).toBeGreaterThanOrEqual(4), { timeout: 8000 });
  expect(recordedIn(file('plain'))[0]).toMatchObject({
    version: '0',
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: '000000000000',
    region: 'ap-southeast-3',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    resources: ['arn:aws:scheduler:ap-southeast-3:000000000000:schedule/default/fixture-Every'],
    detail: '{}',
  });
  expect(recordedIn(file('second')).length).toBeGreaterThanOrEqual(3);
});

it('a schedule does not wait for its last run, but lets ticks pass while two are under way', async () => {
  const log = join(scratch(), 'slow');
  const bundle = `${RECORDING} exports.handler = async () => {
    record(1);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    record(-1);
  };`;
  await runHere(
    { resources: { Every: schedule('Slow'), Slow: lambda('slow', recordTo(log)) }, bundles: { slow: bundle } },
    { sweepSeconds: 0.2 },
  );
  await vi.waitFor(() => expect(recordedIn(log).filter((line) => line === -1).length).toBeGreaterThanOrEqual(3), {
    timeout: 8000,
  });
  let running = 0;
  const seen = recordedIn(log).map((line) => (running += Number(line)));
  expect(Math.max(...seen)).toBe(2);
});
