import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Capability } from '../lambda.ts';
import { markForLocal } from '../local-marks.ts';
import { mayRead } from './secret-access.ts';

/**
 * The secret with AnyCheck's API key, or email and password. It is created without a value, and an operator adds the
 * value after the first deployment. The higher-level construct would generate a value.
 */
export class AnyCheckCredentials extends Construct {
  readonly secretArn: string;
  private readonly baseUrl: string;

  constructor(
    scope: Construct,
    id: string,
    props: { readonly baseUrl: string; readonly removalPolicy: RemovalPolicy },
  ) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description: 'AnyCheck credentials: {"api_key":"…"} or {"email":"…","password":"…"}',
    });
    secret.applyRemovalPolicy(props.removalPolicy);
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'AnyCheck has no API that issues keys, so rotation is manual. The runbook describes it, without an interruption.',
    );
    markForLocal(secret, 'anycheck-credentials');
    this.secretArn = secret.ref;
    this.baseUrl = props.baseUrl;
  }

  caller(): Capability<{ ANYCHECK_BASE_URL: string; ANYCHECK_SECRET_ARN: string }> {
    return {
      env: { ANYCHECK_BASE_URL: this.baseUrl, ANYCHECK_SECRET_ARN: this.secretArn },
      grant: mayRead(this.secretArn),
    };
  }
}
