import { randomInt } from 'node:crypto';
import * as z from 'zod';
import { LOCAL_MARK } from '../local-marks.ts';
import { AwsError, serveAwsJson } from './aws-json.ts';
import { IGNORED } from './ignored.ts';
import { stableUuid } from './names.ts';
import type { Served } from './serve.ts';
import type { Resource, Stack } from './stack.ts';
import type { State } from './state.ts';

const GetSecretValue = z.object({ SecretId: z.string() });
export const SecretProperties = z.strictObject({
  Description: IGNORED,
  Name: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .strictObject({
      ExcludePunctuation: IGNORED,
      PasswordLength: z.int().default(32),
      SecretStringTemplate: z.string().default('{}'),
      GenerateStringKey: z.string().optional(),
    })
    .optional(),
});

/** Secrets Manager for the template's secrets: a literal value, a generated one, or one that the run is given by mark. */
export interface Secrets extends Served {
  serve(stack: Stack): void;
  /** Changes what every secret with this mark holds; `undefined` takes the value away. */
  put(mark: string, value: string | undefined): void;
}

export async function startSecrets(state: State): Promise<Secrets> {
  const values = new Map<string, string>();
  const secrets = new Map<string, Resource>();
  const missing = (message: string) => new AwsError('ResourceNotFoundException', message);
  const service = await serveAwsJson({
    operations: {
      GetSecretValue(input) {
        const parsed = GetSecretValue.safeParse(input);
        if (!parsed.success) throw new AwsError('InvalidParameterException', 'SecretId is missing.');
        const secret = secrets.get(parsed.data.SecretId);
        if (secret === undefined) throw missing("Secrets Manager can't find the specified secret.");
        const mark = secret.metadata[LOCAL_MARK];
        const SecretString = typeof mark === 'string' ? values.get(mark) : ownValue(secret, state);
        if (SecretString === undefined) {
          throw missing("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
        }
        return {
          ARN: secret.ref,
          Name: nameOf(secret),
          VersionId: stableUuid(`${secret.ref} ${SecretString}`),
          SecretString,
          VersionStages: ['AWSCURRENT'],
          CreatedDate: Math.floor(Date.now() / 1000),
        };
      },
    },
  });
  return {
    ...service,
    serve(stack) {
      for (const secret of stack.resources('AWS::SecretsManager::Secret')) {
        secrets.set(secret.ref, secret).set(nameOf(secret), secret);
      }
    },
    put(mark, value) {
      if (value === undefined) values.delete(mark);
      else values.set(mark, value);
    },
  };
}

/** `…:secret:<name>-<six characters>` without its ends. */
const nameOf = (secret: Resource): string => secret.ref.split(':').at(-1)?.slice(0, -7) ?? secret.ref;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The template's literal value, or the generated one, which is made once and kept. */
function ownValue(secret: Resource, state: State): string | undefined {
  const { SecretString, GenerateSecretString: generate } = secret.properties(SecretProperties);
  if (generate === undefined) return SecretString;
  const key = `secret/${secret.logicalId}`;
  const kept = state.get(key);
  if (kept !== undefined) return kept;
  const password = Array.from({ length: generate.PasswordLength }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const { GenerateStringKey: name, SecretStringTemplate: template } = generate;
  const value = name === undefined ? password : JSON.stringify({ ...JSON.parse(template), [name]: password });
  state.put(key, value);
  return value;
}
