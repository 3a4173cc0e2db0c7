import { Duration, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { Lambda } from '../lambda.ts';

/**
 * Invokes the sweep every `minutes` minutes. A failed sweep is not retried, because the next one finds the same due
 * groups.
 */
export class SweepSchedule extends Schedule {
  constructor(scope: Construct, id: string, props: { readonly sweep: Lambda; readonly minutes: number }) {
    super(scope, id, {
      schedule: ScheduleExpression.rate(Duration.minutes(props.minutes)),
      target: new LambdaInvoke(props.sweep.fn, { role: invoker(scope, `${id}Role`, props.sweep), retryAttempts: 0 }),
    });
  }
}

/**
 * A role that lets this account's schedules invoke one function. The CDK's default role could also invoke its versions.
 */
function invoker(scope: Construct, id: string, { fn }: Lambda): IRole {
  const stack = Stack.of(scope);
  const group = stack.formatArn({ service: 'scheduler', resource: 'schedule-group', resourceName: 'default' });
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group } },
    }),
  });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }));
  return role.withoutPolicyUpdates();
}
