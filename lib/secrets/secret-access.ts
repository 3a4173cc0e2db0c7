import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Capability } from '../lambda.ts';

/** Lets a function read one secret, and nothing else of Secrets Manager. */
export const mayRead =
  (secretArn: string): Capability<object>['grant'] =>
  (fn) =>
    fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }));
