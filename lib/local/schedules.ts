import * as z from 'zod';
import { LocalFault } from './fault.ts';
import { IGNORED } from './ignored.ts';
import type { Functions, LambdaFunction } from './lambda/functions.ts';
import { ACCOUNT, REGION } from './names.ts';
import type { Resource, Stack } from './stack.ts';

const State = z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']).default('ENABLED');
export const ScheduleProperties = z.strictObject({
  State,
  Target: z.strictObject({ Arn: z.string(), Input: z.string().optional(), RetryPolicy: IGNORED, RoleArn: IGNORED }),
  FlexibleTimeWindow: IGNORED,
  // The settings of the run say how often.
  ScheduleExpression: IGNORED,
  ScheduleExpressionTimezone: IGNORED,
});
export const RuleProperties = z.strictObject({
  State,
  EventPattern: IGNORED,
  ScheduleExpression: z.string().optional(),
  Targets: z.array(z.strictObject({ Id: IGNORED, Arn: z.string(), Input: z.string().optional() })).default([]),
});

interface Ticking {
  readonly fn: LambdaFunction;
  event(now: Date): unknown;
}

/** EventBridge waits for no earlier run; a laptop that cannot keep up lets a tick pass while this many are under way. */
const MAX_RUNNING = 2;
/** Milliseconds from the start to the first tick. */
const FIRST_TICK = 500;

/**
 * Fires every schedule of the stack, all at one pace: a minute is long for somebody who watches.
 * @returns how to stop; runs under way go on.
 */
export function startSchedules(stack: Stack, functions: Functions, everySeconds: number): () => void {
  const timers = [...schedules(stack, functions), ...rules(stack, functions)].map((ticking) => {
    let running = 0;
    const tick = async () => {
      if (running >= MAX_RUNNING) return;
      running += 1;
      await ticking.fn.invoke(ticking.event(new Date()));
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

function schedules(stack: Stack, functions: Functions): Ticking[] {
  return stack.resources('AWS::Scheduler::Schedule').flatMap((resource) => {
    const { State, Target } = resource.properties(ScheduleProperties);
    if (State === 'DISABLED') return [];
    return { fn: functions.find(Target.Arn), event: eventOf(resource, Target.Input, 'aws.scheduler', '{}') };
  });
}

function rules(stack: Stack, functions: Functions): Ticking[] {
  return stack.resources('AWS::Events::Rule').flatMap((resource) => {
    const { State, ScheduleExpression, Targets } = resource.properties(RuleProperties);
    if (State === 'DISABLED' || ScheduleExpression === undefined) return [];
    return Targets.map(({ Arn, Input }) => ({
      fn: functions.find(Arn),
      event: eventOf(resource, Input, 'aws.events', {}),
    }));
  });
}

/** The event that the template gives, or EventBridge's own. */
function eventOf(resource: Resource, input: string | undefined, source: string, detail: unknown) {
  if (input !== undefined) {
    const given = parseInput(resource, input);
    return () => given;
  }
  return (now: Date) => ({
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: ACCOUNT,
    time: `${now.toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: [resource.attributes.Arn],
    detail,
  });
}

function parseInput(resource: Resource, input: string): unknown {
  try {
    return JSON.parse(input);
  } catch (cause) {
    throw new LocalFault(`${resource.logicalId} has an input that is not JSON.`, { cause });
  }
}
