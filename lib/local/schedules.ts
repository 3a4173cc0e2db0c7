import * as z from 'zod';
import type { Functions } from './lambda/functions.ts';
import { ACCOUNT, REGION } from './names.ts';
import { IGNORED } from './template/ignored.ts';
import type { Stack } from './template/stack.ts';

export const ScheduleProperties = z.strictObject({
  State: z.literal('ENABLED').default('ENABLED'),
  Target: z.strictObject({ Arn: z.string(), RetryPolicy: IGNORED, RoleArn: IGNORED }),
  FlexibleTimeWindow: IGNORED,
  // The settings of the run say how often.
  ScheduleExpression: IGNORED,
  ScheduleExpressionTimezone: IGNORED,
});

/** EventBridge waits for no earlier run; a laptop that cannot keep up lets a tick pass while this many are under way. */
const MAX_RUNNING = 2;
/** Milliseconds from the start to the first tick. */
const FIRST_TICK = 500;

/**
 * Fires every schedule of the stack, all at one pace: a minute is long for somebody who watches.
 * @returns how to stop; runs under way go on.
 */
export function startSchedules(stack: Stack, functions: Functions, everySeconds: number): () => void {
  const timers = stack.resources('AWS::Scheduler::Schedule').map((resource) => {
    const fn = functions.find(resource.properties(ScheduleProperties).Target.Arn);
    let running = 0;
    const tick = async () => {
      if (running >= MAX_RUNNING) return;
      running += 1;
      await fn.invoke(scheduledEvent(resource.attributes.Arn, new Date()));
      running -= 1;
    };
    const timer: { current: NodeJS.Timeout } = {
      current: setTimeout(() => {
        timer.current = setInterval(tick, everySeconds * 1000);
        void tick();
      }, FIRST_TICK),
    };
    return timer;
  });
  return () => {
    for (const { current } of timers) clearTimeout(current);
  };
}

/** The event that EventBridge Scheduler sends for a target without an input of its own. */
const scheduledEvent = (schedule: string | undefined, now: Date) => ({
  version: '0',
  id: crypto.randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account: ACCOUNT,
  time: `${now.toISOString().slice(0, 19)}Z`,
  region: REGION,
  resources: [schedule],
  detail: '{}',
});
