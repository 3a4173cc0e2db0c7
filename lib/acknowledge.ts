import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Records why a cdk-nag rule does not apply to a construct. The tests run the rules and reject an acknowledgement that
 * no rule needs. The CDK's own `Validations.acknowledge` also records the source path of the call, so each clone would
 * synthesize a different template.
 */
export const acknowledge = ({ node }: IConstruct, rule: `AwsSolutions-${string}`, reason: string): void =>
  node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [rule]: reason });
