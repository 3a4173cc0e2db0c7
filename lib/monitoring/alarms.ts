import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { rows } from './alarm-rows.ts';
import type { Watched } from './watched.ts';

export interface AlarmsProps {
  readonly watched: Watched;
  /** The SNS topic that receives alarms; undefined: the alarms only show in CloudWatch. */
  readonly topicArn: string | undefined;
}

/** The alarms of every deployment. Each description says who is impacted and names its section of the runbook. */
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
