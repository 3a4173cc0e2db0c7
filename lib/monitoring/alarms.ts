import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { rows } from './alarm-rows.ts';
import type { Watched } from './watched.ts';

export interface AlarmsProps {
  readonly watched: Watched;
  /** Who is told; nobody where it is undefined. */
  readonly topicArn: string | undefined;
}

/** What somebody has to be told of, whoever deploys this: each alarm says who is hurt and where the runbook goes on. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { watched, topicArn }: AlarmsProps) {
    super(scope, id);
    const action = topicArn === undefined ? undefined : new SnsAction(Topic.fromTopicArn(this, 'Topic', topicArn));
    this.all = Object.entries(rows(watched)).map(([name, { impact, runbook, ...row }]) => {
      const alarm = new Alarm(this, name, {
        alarmDescription: `${impact} What to do: "${runbook}" in docs/runbook.md.`,
        evaluationPeriods: 1,
        ...row,
      });
      if (action) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
      return alarm;
    });
  }
}
