import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { openLog } from '../../../../../lib/local/lambda/log.ts';
import { createPool, type PoolSettings } from '../../../../../lib/local/lambda/pool.ts';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { lambda } from '../support/assembly.ts';
import { run, scratch, temporaryDirectory } from '../support/running.ts';

const directory = temporaryDirectory();
let stack: LocalStack;

beforeAll(async () => {
  process.env.OF_THE_PARENT = 'seen';
  stack = await run(
    {
      resources: {
        Work: { Type: 'AWS::SQS::Queue' },
        Probe: lambda('probe', {
          Environment: { Variables: { QUEUE: { 'Fn::GetAtt': ['Work', 'QueueName'] }, COUNT: 7 } },
        }),
        Other: lambda('probe'),
        Obey: lambda('obey', { Timeout: 1 }),
        Beside: lambda('obey'),
        Broken: lambda('broken'),
      },
      bundles: {
        probe: `let calls = 0;
          exports.handler = async (event, context) => {
            process.env.LEFT_BEHIND = 'by ' + context.functionName;
            return {
              env: { ...process.env }, calls: ++calls, filename: __filename, event,
              context: { ...context, left: context.getRemainingTimeInMillis() },
            };
          };`,
        obey: `let calls = 0;
          exports.handler = async ({ wait = 0, fail, crash, exit, orphan, print, size }) => {
            calls += 1;
            if (print) { console.log(print); console.error('to stderr'); }
            if (exit) process.exit(3);
            if (crash) setTimeout(() => { throw new Error(crash); }, 5);
            if (orphan) Promise.reject(new Error(orphan));
            await new Promise((resolve) => setTimeout(resolve, crash || orphan ? 500 : wait));
            if (fail) throw new TypeError(fail);
            return size ? 'x'.repeat(size) : calls;
          };`,
        broken: "throw new Error('cannot be loaded');",
      },
    },
    directory.path,
  );
});
afterAll(async () => {
  delete process.env.OF_THE_PARENT;
  await stack.close();
  directory.remove();
});

const Seen = z.object({
  env: z.record(z.string(), z.string()),
  calls: z.number(),
  event: z.unknown(),
  context: z.looseObject({ awsRequestId: z.string(), left: z.number() }),
});
async function probe(logicalId: string, event: unknown = {}) {
  const outcome = await stack.invoke(logicalId, event);
  if (!outcome.ok) throw new Error(outcome.message);
  return Seen.parse(JSON.parse(outcome.payload));
}
const value = async (logicalId: string, event: object): Promise<unknown> => {
  const outcome = await stack.invoke(logicalId, event);
  return outcome.ok ? JSON.parse(outcome.payload) : outcome;
};

describe('a function', () => {
  it("has its own environment and nothing of the parent's or another's", async () => {
    const { env } = await probe('Probe');
    expect(env).toMatchObject({
      QUEUE: 'fixture-Work',
      COUNT: '7',
      AWS_REGION: 'ap-southeast-3',
      AWS_LAMBDA_FUNCTION_NAME: 'fixture-Probe',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: stack.dynamodbEndpoint,
      AWS_ENDPOINT_URL_SQS: stack.queueEndpoint,
      AWS_ENDPOINT_URL_EVENTBRIDGE: stack.eventsEndpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: stack.secretsEndpoint,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: stack.cognitoEndpoint,
    });
    const other = await probe('Other');
    for (const absent of ['OF_THE_PARENT', 'HOME', 'PATH']) expect(env).not.toHaveProperty(absent);
    for (const absent of ['QUEUE', 'COUNT']) expect(other.env).not.toHaveProperty(absent);
    expect(other.env.LEFT_BEHIND).toBe('by fixture-Other');
    expect(process.env.LEFT_BEHIND).toBeUndefined();
  });

  it('receives what Lambda passes', async () => {
    const { event, context } = await probe('Probe', { a: [1, undefined, 'ü'] });
    expect(event).toEqual({ a: [1, null, 'ü'] });
    expect(context).toMatchObject({
      functionName: 'fixture-Probe',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      invokedFunctionArn: 'arn:aws:lambda:ap-southeast-3:000000000000:function:fixture-Probe',
    });
    expect(context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(context.left).toBeGreaterThan(9000);
    expect(context.left).toBeLessThanOrEqual(10_000);
  });

  it('keeps a worker warm, and starts another only while that one is busy', async () => {
    const before = await probe('Probe');
    expect((await probe('Probe')).calls).toBe(before.calls + 1);
    // Long enough for the second worker to start on a busy machine.
    const answers = await Promise.all([value('Beside', { wait: 2_000 }), value('Beside', { wait: 2_000 })]);
    expect(answers).toEqual([1, 1]);
  });

  it('may throw, and lives on', async () => {
    const before = z.number().parse(await value('Obey', {}));
    expect(await value('Obey', { fail: 'no' })).toEqual({ ok: false, reason: 'threw', message: 'TypeError: no' });
    expect(await value('Obey', {})).toBe(before + 2);
  });

  it('is stopped when its time is over', async () => {
    expect(await value('Obey', { wait: 5000 })).toEqual({
      ok: false,
      reason: 'timed-out',
      message: 'Task timed out after 1.00 seconds',
    });
    expect(await value('Obey', {})).toBe(1);
  });

  it.each([
    ['an uncaught error', { crash: 'boom' }, 'Error: boom'],
    ['an unhandled rejection', { orphan: 'lost' }, 'Error: lost'],
    ['process.exit', { exit: true }, 'Runtime exited with status 3 during an invocation'],
  ])('dies of %s, and fails that invocation alone', async (_, event, message) => {
    const [beside, crashed] = await Promise.all([value('Obey', { wait: 400 }), value('Obey', event)]);
    expect(crashed).toEqual({ ok: false, reason: 'crashed', message });
    expect(beside).toEqual(expect.any(Number));
    expect(await value('Obey', {})).toEqual(expect.any(Number));
  });

  it('that cannot be loaded fails every invocation with the reason', async () => {
    const failure = { ok: false, reason: 'crashed', message: 'Error: cannot be loaded' };
    expect(await value('Broken', {})).toEqual(failure);
    expect(await value('Broken', {})).toEqual(failure);
  });

  it('cannot return or receive more than 6 MB', async () => {
    const tooLarge = (reason: string) => expect.objectContaining({ ok: false, reason });
    expect(await value('Obey', { size: 6_291_556 })).toEqual(tooLarge('result-too-large'));
    expect(await value('Obey', { text: 'x'.repeat(6_291_556) })).toEqual(tooLarge('event-too-large'));
  });

  it('has its own log, line by line under its name', async () => {
    await value('Obey', { print: 'first\nsecond' });
    await vi.waitFor(() => {
      const log = readFileSync(stack.logFiles.Obey ?? '', 'utf8');
      expect(log).toMatch(/^\S+Z Obey: first$/m);
      expect(log).toMatch(/^\S+Z Obey: second$/m);
      expect(log).toMatch(/^\S+Z Obey: to stderr$/m);
      expect(log).toMatch(/^\S+Z Obey: REPORT RequestId: \S+ Duration: \S+ ms$/m);
    });
    expect(readFileSync(stack.logFiles.Beside ?? '', 'utf8')).not.toContain('first');
  });

  it('has what it printed before it died in its log', async () => {
    await value('Obey', { print: 'last words', exit: true });
    await vi.waitFor(() => expect(readFileSync(stack.logFiles.Obey ?? '', 'utf8')).toMatch(/Obey: last words$/m));
  });
});

describe('a pool of workers', () => {
  /** A pool whose handler returns the id of its worker, as soon as the file that its event names exists. */
  function poolOf(settings: Partial<PoolSettings> = {}) {
    const place = scratch();
    const source = `const { existsSync, writeFileSync } = require('node:fs');
      const { threadId } = require('node:worker_threads');
      exports.handler = async ({ running, until }) => {
        if (running) writeFileSync(running, '');
        while (until && !existsSync(until)) await new Promise((resolve) => setTimeout(resolve, 2));
        return threadId;
      };`;
    writeFileSync(join(place, 'index.js'), source);
    const pool = createPool(
      {
        directory: place,
        handler: 'index.handler',
        env: {},
        memory: 128,
        timeout: 20_000,
        concurrency: 8,
        stallMs: 5,
        idleMs: 60_000,
        ...settings,
        context: {
          functionName: 'narrow',
          functionVersion: '$LATEST',
          invokedFunctionArn: 'narrow',
          memoryLimitInMB: '128',
          logGroupName: 'narrow',
          logStreamName: 'local',
        },
      },
      openLog(join(place, 'narrow.log'), 'narrow'),
    );
    onTestFinished(() => pool.close(0));
    const workerOf = async (event: object) => {
      const outcome = await pool.invoke(event);
      return outcome.ok ? outcome.payload : outcome.message;
    };
    const file = (name: string) => join(place, name);
    /** Runs `count` invocations at the same time. @returns their workers. */
    const sideBySide = async (count: number) => {
      const files = Array.from({ length: count }, () => file(randomUUID()));
      const until = file(randomUUID());
      const workers = files.map((running) => workerOf({ running, until }));
      await vi.waitFor(() => expect(files.filter(existsSync)).toHaveLength(count), { timeout: 15_000 });
      writeFileSync(until, '');
      return Promise.all(workers);
    };
    return { workerOf, sideBySide, file };
  }

  it('starts none while busy workers become free', async () => {
    const { workerOf } = poolOf({ stallMs: 60_000 });
    const workers = await Promise.all(Array.from({ length: 6 }, () => workerOf({})));
    expect(new Set(workers).size).toBe(1);
  });

  it('answers an invocation while more of them wait than there were workers', async () => {
    const { workerOf, file } = poolOf();
    const until = file('until');
    const waiting = Array.from({ length: 5 }, () => workerOf({ until }));
    await workerOf({});
    writeFileSync(until, '');
    expect(new Set(await Promise.all(waiting)).size).toBe(5);
  });

  it('has no more workers than its bound: further invocations wait', async () => {
    const { workerOf, sideBySide, file } = poolOf({ concurrency: 2 });
    const two = new Set(await sideBySide(2));
    const until = file('until');
    const four = Array.from({ length: 4 }, () => workerOf({ until }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    writeFileSync(until, '');
    expect(new Set(await Promise.all(four))).toEqual(two);
  });

  it('stops workers that are unused, all but the last one', async () => {
    const { sideBySide } = poolOf({ idleMs: 30 });
    const before = await sideBySide(3);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = await sideBySide(3);
    expect(before.filter((worker) => after.includes(worker))).toHaveLength(1);
  });
});
