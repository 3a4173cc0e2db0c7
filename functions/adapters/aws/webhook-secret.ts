import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { cachedForAMinute, type SecretReader } from './secret.ts';

/** What stands in a path without being escaped, and is not guessed. */
const Token = z.string().check(z.regex(/^[\w.~-]{16,256}$/));
const SigningSecret = z.string().check(z.minLength(1));
const Value = z.object({
  token: Token,
  previous_token: z.optional(Token),
  signing_secret: z.optional(SigningSecret),
  previous_signing_secret: z.optional(SigningSecret),
});

export interface WebhookSecret {
  /** Those that an address may hold: the present one, and the one before it while verifications still name it. */
  readonly tokens: readonly string[];
  /** Those that a delivery may be signed with, likewise; none: nothing has to be signed. */
  readonly signingSecrets: readonly string[];
}

/** The secret holds nothing that deliveries could be checked by: none is taken until the operator has put it right. */
class UnusableWebhookSecret extends Error {
  override readonly name = 'UnusableWebhookSecret';
}

/** Reads the webhook secret. @throws where it can't be read, or isn't `{"token":"…"}` with what may stand beside that. */
export const webhookSecretReader = (
  client: SecretsManagerClient,
  arn: string,
  now: () => number,
): SecretReader<WebhookSecret> =>
  cachedForAMinute(async () => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return parse(SecretString);
  }, now);

function parse(text: string): WebhookSecret {
  const { token, previous_token, signing_secret, previous_signing_secret } = readValue(text);
  const given = (values: readonly (string | undefined)[]) => values.filter((value) => value !== undefined);
  return {
    tokens: given([token, previous_token]),
    signingSecrets: given([signing_secret, previous_signing_secret]),
  };
}

function readValue(text: string): z.infer<typeof Value> {
  try {
    return Value.parse(JSON.parse(text));
  } catch {
    // A parser's error quotes what it read: it goes no further.
    throw new UnusableWebhookSecret('the webhook secret holds no usable token');
  }
}
