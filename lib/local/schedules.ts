import * as z from 'zod';
import type { Functions } from './lambda/functions.ts';
import { ACCOUNT, REGION } from './names.ts';
import { IGNORED } from './template/ignored.ts';
import type { Stack } from './template/stack.ts';

export const ScheduleProperties = z.strictObject({
  State: z.literal('ENABLED').default('ENABLED'),
  Target: z.strictObject({ Arn: z.string(), RetryPolicy: IGNORED, RoleArn: IGNORED }),
  FlexibleTimeWindow: IGNORED,
  // `SWEEP_SECONDS` replaces it.
  ScheduleExpression: IGNORED,
  ScheduleExpressionTimezone: IGNORED,
});

/**
 * EventBridge Scheduler does not wait for an earlier run. The local run skips a tick while this many runs are in
 * progress.
 */
const MAX_RUNNING = 2;
/** The delay from the start to the first tick. */
const FIRST_TICK_MS = 500;

/**
 * Fires every schedule of the stack every `everySeconds` seconds, because a developer does not want to wait a minute.
 * @returns a function that stops the schedules. Running invocations continue.
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
      }, FIRST_TICK_MS),
    };
    return timer;
  });
  return () => {
    for (const { current } of timers) clearTimeout(current);
  };
}

/** The event that EventBridge Scheduler sends to a target without an input. */
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
