import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Tells why a rule of cdk-nag doesn't hold of a construct; the tests run the rules, and refuse what no rule asks for. The CDK's
 * own `Validations.acknowledge` would also note the place of the call on this machine, so that no two clones synthesize the same.
 */
export const acknowledge = ({ node }: IConstruct, rule: `AwsSolutions-${string}`, reason: string): void =>
  node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [rule]: reason });
