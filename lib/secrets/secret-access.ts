import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Capability } from '../lambda.ts';

/** Grants a function read access to one secret. */
export const mayRead =
  (secretArn: string): Capability<object>['grant'] =>
  (fn) =>
    fn.addToRolePolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }));
