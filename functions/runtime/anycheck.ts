import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { anycheckClient } from '../adapters/anycheck/client.ts';
import { credentialsReader } from '../adapters/anycheck/credentials.ts';
import { anycheckHttp } from '../adapters/anycheck/http.ts';
import { anycheckAuthorization } from '../adapters/anycheck/session.ts';
import { secretsClient } from '../adapters/aws/secret.ts';
import { budgetRow } from '../adapters/dynamodb/budget-row.ts';
import type { AnyCheck } from '../domain/upstream/anycheck.ts';
import type { Priority } from '../domain/upstream/budget.ts';
import { rateLimiter } from '../domain/upstream/limiter.ts';
import { type AnyCheckEnv, budgetSettings } from './anycheck-env.ts';
import { countUpstreamCall, logUpstreamEvent } from './log/upstream-log.ts';

const waiting = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal });

/** Builds the AnyCheck client of a function from its environment variables. */
export function anycheckFrom(env: AnyCheckEnv, client: DynamoDBDocumentClient, priority: Priority): AnyCheck {
  const table = env.TABLE_NAME;
  const http = anycheckHttp(env.ANYCHECK_BASE_URL);
  const limiter = rateLimiter({
    store: budgetRow(client, table),
    priority,
    settings: budgetSettings(env),
    now: Date.now,
    sleep: waiting,
    random: Math.random,
    emit: logUpstreamEvent,
    count: countUpstreamCall,
  });
  const credentials = credentialsReader(secretsClient(), env.ANYCHECK_SECRET_ARN, Date.now);
  const shared = { http, limiter, client, table };
  const authorization = anycheckAuthorization({ ...shared, credentials, now: Date.now, sleep: (ms) => sleep(ms) });
  return anycheckClient({ http, limiter, authorization, random: Math.random, sleep: waiting });
}
