import * as z from 'zod';
import { LOCAL_MARK } from '../local-marks.ts';
import { LocalFault } from './fault.ts';
import { AwsError, serveAwsJson } from './http/aws-json.ts';
import type { Served } from './http/serve.ts';
import { stableUuid } from './names.ts';
import { IGNORED } from './template/ignored.ts';
import type { Stack } from './template/stack.ts';

const GetSecretValue = z.object({ SecretId: z.string() });
export const SecretProperties = z.strictObject({
  Description: IGNORED,
  // The local run sets every secret's value.
  GenerateSecretString: IGNORED,
});

/** A stand-in for Secrets Manager with the template's secrets. Their values are set by mark. */
export interface Secrets extends Served {
  /** @throws LocalFault when a secret has no mark. */
  serve(stack: Stack): void;
  /** Sets the value of every secret with this mark; `undefined` deletes it. */
  put(mark: string, value: string | undefined): void;
}

export async function startSecrets(): Promise<Secrets> {
  const values = new Map<string, string>();
  /** By ARN. */
  const marks = new Map<string, string>();
  const missing = (message: string) => new AwsError('ResourceNotFoundException', message);
  const service = await serveAwsJson({
    operations: {
      GetSecretValue(input) {
        const parsed = GetSecretValue.safeParse(input);
        if (!parsed.success) throw new AwsError('InvalidParameterException', 'SecretId is missing.');
        const ARN = parsed.data.SecretId;
        const mark = marks.get(ARN);
        if (mark === undefined) throw missing("Secrets Manager can't find the specified secret.");
        const SecretString = values.get(mark);
        if (SecretString === undefined) {
          throw missing("Secrets Manager can't find the specified secret value for staging label: AWSCURRENT");
        }
        return {
          ARN,
          VersionId: stableUuid(`${ARN} ${SecretString}`),
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
      for (const { logicalId, ref, metadata } of stack.resources('AWS::SecretsManager::Secret')) {
        const mark = metadata[LOCAL_MARK];
        if (typeof mark !== 'string') {
          throw new LocalFault(
            `${logicalId} (AWS::SecretsManager::Secret) has no mark that names its value for the local run.`,
          );
        }
        marks.set(ref, mark);
      }
    },
    put(mark, value) {
      if (value === undefined) values.delete(mark);
      else values.set(mark, value);
    },
  };
}
