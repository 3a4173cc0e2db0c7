import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliveryUnits } from '../../../../bench/webhooks/units.ts';
import { type Engine, engines } from '../../../../fakes/engine.ts';
import { metered } from '../../../../fakes/metered.ts';
import { answer, startWebhooks } from '../../../../fakes/webhooks.ts';

const A = 'https://a.example.com/hook';

// The embedded engine does not count what an index takes.
const [, dynamoDbLocal] = engines;
let engine: Engine;
let begin: ReturnType<typeof metered>;
beforeAll(async () => {
  if (!dynamoDbLocal?.available) return;
  engine = await dynamoDbLocal.start();
  begin = metered(engine.client);
});
afterAll(() => engine?.stop());

it.runIf(dynamoDbLocal?.available)(
  'a delivery that succeeds at once takes 4 write units, and a failed attempt in the first minutes 3',
  async () => {
    const world = await startWebhooks(engine);
    await world.endpoint(A);
    // The first event finds a state without slots, whose row is as large as any.
    await world.publish();
    await world.wait(1_000);
    const { resultId } = await world.publish();
    const success = begin();
    await world.wait(1_000);
    expect([resultId, success.writes.units, success.reads.units]).toEqual([resultId, 4, expect.any(Number)]);

    let calls = 0;
    world.receivers.set(A, () => answer(++calls < 3 ? 500 : 200));
    await world.publish();
    const first = begin();
    await world.wait(1_000);
    // The record itself, and the attempt.
    expect(first.writes.units).toBe(1 + 3);
    const second = begin();
    await world.wait(6_000);
    expect(second.writes.units).toBe(3);
    console.log(success.reads, first.reads);
  },
  60_000,
);

it.runIf(dynamoDbLocal?.available)(
  'a later failed attempt takes 5 write units, parking and releasing a delivery 6 more, and an idle upkeep 6',
  async () => {
    expect(await deliveryUnits()).toMatchObject({
      dispatch: { writeUnits: 1 },
      success: { writeUnits: 3 },
      earlyFailure: { writeUnits: 3 },
      lateFailure: { writeUnits: 5 },
      parked: { writeUnits: 6 },
      upkeep: { writeUnits: 6 },
    });
  },
  60_000,
);
