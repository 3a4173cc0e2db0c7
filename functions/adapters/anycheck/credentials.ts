import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import { cachedForAMinute, type SecretReader } from '../aws/secret.ts';

/** Text that is valid in a header. Any other text would make every request that carries it fail. */
export const HeaderText = z.string().check(z.regex(/^[\x21-\x7e]+$/));

const ApiKey = z.object({ api_key: HeaderText });
const Login = z.object({ email: z.string().check(z.minLength(1)), password: z.string().check(z.minLength(1)) });
/** The value of the secret with AnyCheck's credentials. */
export const AnyCheckSecretValue = z.union([ApiKey, Login]);

interface Versioned {
  /** The version of the secret's value. A session that was opened with another version belongs to other credentials. */
  readonly version: string;
}
export type Login = z.infer<typeof Login> & Versioned;
export type Credentials = (z.infer<typeof ApiKey> & Versioned) | Login;

export type CredentialsReader = SecretReader<Credentials>;

/**
 * Reads AnyCheck's credentials.
 * @throws UpstreamError NO_CREDENTIALS if the secret has no usable value; UNAVAILABLE if it cannot be read.
 */
export const credentialsReader = (client: SecretsManagerClient, arn: string, now: () => number): CredentialsReader =>
  cachedForAMinute(() => read(client, arn), now);

async function read(client: SecretsManagerClient, arn: string): Promise<Credentials> {
  try {
    const { SecretString, VersionId } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return { ...AnyCheckSecretValue.parse(JSON.parse(SecretString ?? '')), version: VersionId ?? '' };
  } catch (error) {
    // A parser's error quotes the secret, so it does not become the cause.
    if (error instanceof ResourceNotFoundException || error instanceof SyntaxError || error instanceof $ZodError) {
      throw new UpstreamError('NO_CREDENTIALS', 'the secret holds no usable AnyCheck credentials');
    }
    throw new UpstreamError('UNAVAILABLE', 'the AnyCheck credentials could not be read', { cause: error });
  }
}
