import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Capability } from '../lambda.ts';
import { markForLocal } from '../local-marks.ts';
import { mayRead } from './secret-access.ts';

/**
 * The secret that AnyCheck's deliveries are checked by: the token of their address, which the deployment makes up, and what
 * the operator puts beside it.
 */
export class WebhookSecret extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description:
        'AnyCheck webhooks: {"token":"…"}, beside it optionally "previous_token", "signing_secret", "previous_signing_secret"',
      // CloudFormation makes a new value when any of this changes, and AnyCheck would deliver to addresses that are none.
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'token',
        passwordLength: 48,
        excludePunctuation: true,
      },
    });
    secret.applyRemovalPolicy(props.removalPolicy);
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'The token is part of the address that verifications were submitted with: replaced by a clock, it would refuse the ' +
        'deliveries of those under way. The runbook tells how it is replaced beside the previous one.',
    );
    markForLocal(secret, 'webhook-secret');
    this.secretArn = secret.ref;
  }

  reader(): Capability<{ WEBHOOK_SECRET_ARN: string }> {
    return {
      env: { WEBHOOK_SECRET_ARN: this.secretArn },
      grant: mayRead(this.secretArn),
    };
  }
}
