import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Capability } from '../lambda.ts';
import { markForLocal } from '../local-marks.ts';
import { mayRead } from './secret-access.ts';

/**
 * The secret that authenticates AnyCheck's webhooks. The deployment generates the token in the webhook URL; an operator
 * can add signing secrets and the previous values.
 */
export class AnyCheckWebhookSecret extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description:
        'AnyCheck webhooks: {"token":"…"}, beside it optionally "previous_token", "signing_secret", "previous_signing_secret"',
      // A change to any of this makes CloudFormation generate a new token, and AnyCheck would deliver to an invalid
      // URL.
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
      'The token is part of the webhook URL of submitted verifications. Automatic rotation would reject the webhooks of those in ' +
        'progress. The runbook describes the manual rotation, during which the previous token stays valid.',
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
