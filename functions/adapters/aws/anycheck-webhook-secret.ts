import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { cachedForAMinute, type SecretReader } from './secret.ts';

/** A token needs no escaping in a path, and is too long to be guessed. */
const Token = z.string().check(z.regex(/^[\w.~-]{16,256}$/));
const SigningSecret = z.string().check(z.minLength(1));
/** The value of the webhook secret. Fields of an operator's own beside these are ignored. */
export const AnyCheckWebhookSecretValue = z.object({
  token: Token,
  previous_token: z.optional(Token),
  signing_secret: z.optional(SigningSecret),
  previous_signing_secret: z.optional(SigningSecret),
});

export interface AnyCheckWebhookSecret {
  /**
   * The tokens that the webhook address may hold: the current one, and the previous one while verifications still use
   * it.
   */
  readonly tokens: readonly string[];
  /**
   * The secrets that may sign a delivery: the current and the previous one. If there is none, deliveries need no
   * signature.
   */
  readonly signingSecrets: readonly string[];
}

/** The secret holds no usable token. The service rejects all deliveries until an operator corrects the secret. */
class UnusableWebhookSecret extends Error {
  override readonly name = 'UnusableWebhookSecret';
}

/**
 * Reads the webhook secret.
 * @throws UnusableWebhookSecret if its value does not match `AnyCheckWebhookSecretValue`; the SDK's error if it cannot be read.
 */
export const anycheckWebhookSecretReader = (
  client: SecretsManagerClient,
  arn: string,
  now: () => number,
): SecretReader<AnyCheckWebhookSecret> =>
  cachedForAMinute(async () => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return parse(SecretString);
  }, now);

function parse(text: string): AnyCheckWebhookSecret {
  const { token, previous_token, signing_secret, previous_signing_secret } = readValue(text);
  const defined = (values: readonly (string | undefined)[]) => values.filter((value) => value !== undefined);
  return {
    tokens: defined([token, previous_token]),
    signingSecrets: defined([signing_secret, previous_signing_secret]),
  };
}

function readValue(text: string): z.infer<typeof AnyCheckWebhookSecretValue> {
  try {
    return AnyCheckWebhookSecretValue.parse(JSON.parse(text));
  } catch {
    // A parser's error quotes the secret, so it does not become the cause.
    throw new UnusableWebhookSecret('the webhook secret holds no usable token');
  }
}
