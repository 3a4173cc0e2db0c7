import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { anycheckClient } from '../adapters/anycheck/client.ts';
import { credentialsReader } from '../adapters/anycheck/credentials.ts';
import { gate } from '../adapters/anycheck/gate.ts';
import { anycheckHttp } from '../adapters/anycheck/http.ts';
import { anycheckAuthorization } from '../adapters/anycheck/session.ts';
import { secretsClient } from '../adapters/aws/secret.ts';
import type { AnyCheck } from '../domain/upstream/anycheck.ts';
import type { Lane } from '../domain/upstream/budget.ts';
import { type AnyCheckEnv, budgetSettings } from './anycheck-env.ts';
import { countAtGate, tellOfGate } from './log/gate-log.ts';

/** AnyCheck as the functions that may call it see it, made of what their environment names. */
export function anycheckFrom(env: AnyCheckEnv, client: DynamoDBDocumentClient, lane: Lane): AnyCheck {
  const table = env.TABLE_NAME;
  const http = anycheckHttp(env.ANYCHECK_BASE_URL);
  const passing = gate({
    client,
    table,
    lane,
    settings: budgetSettings(env),
    now: Date.now,
    tell: tellOfGate,
    count: countAtGate,
  });
  const credentials = credentialsReader(secretsClient(), env.ANYCHECK_SECRET_ARN, Date.now);
  const authorization = anycheckAuthorization({ http, gate: passing, credentials, client, table, now: Date.now });
  return anycheckClient({ http, gate: passing, authorization, random: Math.random });
}
