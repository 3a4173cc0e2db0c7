import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { UpstreamError } from '../domain/errors.ts';

/**
 * ms after which the secret is read again: a new value is taken up without a deployment. Whoever finds the value refused has it
 * read sooner, as rarely.
 */
const KEEP = 60_000;

/** What can stand in a header: anything else would fail at every request that carries it. */
export const HeaderText = z.string().regex(/^[\x21-\x7e]+$/);

const ApiKey = z.object({ api_key: HeaderText });
const Login = z.object({ email: z.string().min(1), password: z.string().min(1) });
const Value = z.union([ApiKey, Login]);

interface Versioned {
  /** Names the secret's value that they came from: a session opened with another one is not theirs. */
  readonly version: string;
}
export type Login = z.infer<typeof Login> & Versioned;
export type Credentials = (z.infer<typeof ApiKey> & Versioned) | Login;

/** @param options.anew reads the secret now, unless that was asked for within the last minute. */
export type CredentialsReader = (options?: { readonly anew: boolean }) => Promise<Credentials>;

export const secretsClient = (): SecretsManagerClient =>
  new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });

/** Reads AnyCheck's credentials. @throws UpstreamError NO_CREDENTIALS until the operator has put a usable value. */
export function credentialsReader(client: SecretsManagerClient, arn: string, now: () => number): CredentialsReader {
  let kept: { credentials: Credentials; until: number } | undefined;
  let anewAt = Number.NEGATIVE_INFINITY;

  return async ({ anew } = { anew: false }) => {
    const isWanted = anew && now() - anewAt >= KEEP;
    if (isWanted) anewAt = now();
    if (kept && now() < kept.until && !isWanted) return kept.credentials;
    const credentials = await read(client, arn);
    kept = { credentials, until: now() + KEEP };
    return credentials;
  };
}

async function read(client: SecretsManagerClient, arn: string): Promise<Credentials> {
  try {
    const { SecretString, VersionId } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return { ...Value.parse(JSON.parse(SecretString ?? '')), version: VersionId ?? '' };
  } catch (error) {
    // A parser's error quotes what it read: it goes no further.
    if (error instanceof ResourceNotFoundException || error instanceof SyntaxError || error instanceof z.ZodError) {
      throw new UpstreamError('NO_CREDENTIALS', 'the secret holds no usable AnyCheck credentials');
    }
    throw new UpstreamError('UNAVAILABLE', 'the AnyCheck credentials could not be read', { cause: error });
  }
}
