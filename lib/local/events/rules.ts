import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { LocalFault } from '../fault.ts';
import { asynchronousInvocation } from '../lambda/asynchronous.ts';
import type { Functions, LambdaFunction } from '../lambda/functions.ts';
import { QueueProperties } from '../queues/queues.ts';
import { settleWithin } from '../settle-within.ts';
import { IGNORED } from '../template/ignored.ts';
import type { Resource, Stack } from '../template/stack.ts';
import type { Envelope } from './put-events.ts';

const TargetProperties = z.strictObject({
  Id: IGNORED,
  Arn: z.string(),
  SqsParameters: z.strictObject({ MessageGroupId: z.string() }).optional(),
  RoleArn: IGNORED,
  // Both concern a target that does not accept an event. Here every queue and every function accepts it.
  DeadLetterConfig: IGNORED,
  RetryPolicy: IGNORED,
});
type TargetProperties = z.output<typeof TargetProperties>;

const OneOf = z.array(z.string('only exact values are supported')).min(1).optional();
export const RuleProperties = z.strictObject({
  Name: IGNORED,
  Description: IGNORED,
  EventBusName: z.string('only rules of an event bus of the template are supported'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  EventPattern: z
    .strictObject({ source: OneOf, 'detail-type': OneOf })
    .refine((pattern) => Object.keys(pattern).length > 0, 'it is empty'),
  RoleArn: IGNORED,
  Targets: z.array(TargetProperties).default([]),
});
type EventPattern = z.output<typeof RuleProperties>['EventPattern'];

export interface Rules {
  /** The functions that receive events. They must stop after the functions that send events. */
  readonly destinations: readonly LambdaFunction[];
  /** Delivers an event to the targets of the bus's rules that match it. It returns before the delivery. */
  deliver(bus: string, event: Envelope): void;
  /** Waits for running deliveries, at most `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>;
}

interface Rule {
  /** The name of its bus. */
  readonly bus: string;
  readonly pattern: EventPattern;
  readonly targets: readonly Target[];
}

interface Target {
  /** Undefined for a queue. */
  readonly fn: LambdaFunction | undefined;
  send(event: Envelope): Promise<unknown>;
}

/**
 * Executes the rules of the stack's event buses, as EventBridge does: each event once per target, in any order.
 * @throws LocalFault for a rule of an unknown bus or with an unsupported target.
 */
export function startRules(stack: Stack, functions: Functions, sqs: SQSClient): Rules {
  const targetOf = targets(stack, functions, sqs);
  const rules = stack.resources('AWS::Events::Rule').flatMap((resource): Rule[] => {
    const { EventBusName, State, EventPattern, Targets } = resource.properties(RuleProperties);
    const bus = busOf(stack, resource, EventBusName);
    const found = Targets.map((target) => targetOf(resource, target));
    return State === 'ENABLED' ? [{ bus, pattern: EventPattern, targets: found }] : [];
  });
  const running = new Set<Promise<unknown>>();
  return {
    destinations: rules.flatMap((rule) => rule.targets.flatMap(({ fn }) => fn ?? [])),
    deliver(bus, event) {
      const matching = rules.filter((rule) => rule.bus === bus && matches(rule.pattern, event));
      for (const target of matching.flatMap((rule) => rule.targets)) {
        const delivery = target.send(event).finally(() => running.delete(delivery));
        running.add(delivery);
      }
    },
    close: (graceMs) => settleWithin(Promise.all(running), graceMs),
  };
}

const matches = ({ source, 'detail-type': detailType }: EventPattern, event: Envelope): boolean =>
  (source?.includes(event.source) ?? true) && (detailType?.includes(event['detail-type']) ?? true);

/** @param reference a name or an ARN. */
function busOf(stack: Stack, { logicalId }: Resource, reference: string): string {
  const found = stack
    .resources('AWS::Events::EventBus')
    .find(({ ref, attributes }) => reference === ref || reference === attributes.Arn);
  if (found !== undefined) return found.ref;
  throw new LocalFault(`${logicalId} is a rule of the event bus ${reference}, which is not in the template.`);
}

function targets(stack: Stack, functions: Functions, sqs: SQSClient) {
  const queues = stack.resources('AWS::SQS::Queue');
  const lambdas = stack.resources('AWS::Lambda::Function');
  const invoke = asynchronousInvocation(stack, sqs);
  return (rule: Resource, { Arn, SqsParameters }: TargetProperties): Target => {
    const is = ({ attributes }: Resource) => attributes.Arn === Arn;
    const queue = queues.find(is);
    if (queue !== undefined) return queueTarget(rule, queue, SqsParameters, sqs);
    if (!lambdas.some(is)) {
      throw new LocalFault(`${rule.logicalId} has the target ${Arn}, which is no queue or function of the template.`);
    }
    const fn = functions.find(Arn);
    return { fn, send: (event) => invoke(fn, event) };
  };
}

function queueTarget(
  rule: Resource,
  queue: Resource,
  parameters: TargetProperties['SqsParameters'],
  sqs: SQSClient,
): Target {
  const { FifoQueue, ContentBasedDeduplication } = queue.properties(QueueProperties);
  const requires = (what: string) =>
    new LocalFault(`${rule.logicalId} sends to the FIFO queue ${queue.logicalId}, which requires ${what}.`);
  if (FifoQueue !== undefined && parameters === undefined) throw requires('SqsParameters.MessageGroupId of the target');
  if (FifoQueue !== undefined && ContentBasedDeduplication === undefined) {
    throw requires('ContentBasedDeduplication of the queue');
  }
  return {
    fn: undefined,
    send: (event) =>
      sqs
        .send(new SendMessageCommand({ QueueUrl: queue.ref, MessageBody: JSON.stringify(event), ...parameters }))
        // A manually deleted queue must not end the run.
        .catch(() => {}),
  };
}
