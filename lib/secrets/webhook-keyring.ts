import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Capability } from '../lambda.ts';
import { markForLocal } from '../local-marks.ts';
import { mayRead } from './secret-access.ts';

/**
 * The secret with the keys that encrypt the signing secrets of webhook endpoints. The deployment generates the first key.
 * Without it, the stored signing secrets are lost, so it stays as long as the table does.
 */
export class WebhookKeyring extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', {
      description: 'The keys of webhook signing secrets: {"key":"…","previous_keys":["…"]}',
      // A change to any of this makes CloudFormation generate a new key, and no stored signing secret would be readable.
      generateSecretString: {
        secretStringTemplate: '{"previous_keys":[]}',
        generateStringKey: 'key',
        passwordLength: 64,
        excludePunctuation: true,
      },
    });
    secret.applyRemovalPolicy(props.removalPolicy);
    acknowledge(
      secret,
      'AwsSolutions-SMG4',
      'A new key must not replace the one that stored signing secrets are encrypted with before all of them are encrypted ' +
        'anew. The runbook describes this rotation, during which the previous key stays in the secret.',
    );
    markForLocal(secret, 'webhook-keyring');
    this.secretArn = secret.ref;
  }

  /** For the functions that sign deliveries or store signing secrets. */
  reader(): Capability<{ KEYRING_SECRET_ARN: string }> {
    return {
      env: { KEYRING_SECRET_ARN: this.secretArn },
      grant: mayRead(this.secretArn),
    };
  }
}
