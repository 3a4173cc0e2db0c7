import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { anycheckClient } from '../adapters/anycheck.ts';
import { credentialsReader, secretsClient } from '../adapters/anycheck-credentials.ts';
import { anycheckHttp } from '../adapters/anycheck-http.ts';
import { anycheckAuthorization } from '../adapters/anycheck-session.ts';
import type { AnyCheck } from '../domain/ports.ts';

/** AnyCheck as the functions that may call it see it, made of what their environment names. */
export function anycheckFrom(
  env: { ANYCHECK_BASE_URL: string; ANYCHECK_SECRET_ARN: string; TABLE_NAME: string },
  client: DynamoDBDocumentClient,
): AnyCheck {
  const http = anycheckHttp(env.ANYCHECK_BASE_URL);
  const credentials = credentialsReader(secretsClient(), env.ANYCHECK_SECRET_ARN, Date.now);
  return anycheckClient(
    http,
    anycheckAuthorization({ http, credentials, client, table: env.TABLE_NAME, now: Date.now }),
  );
}
