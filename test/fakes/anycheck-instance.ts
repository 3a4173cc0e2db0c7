import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { anycheckClient } from '../../functions/adapters/anycheck/client.ts';
import type { CredentialsReader } from '../../functions/adapters/anycheck/credentials.ts';
import type { Http } from '../../functions/adapters/anycheck/http.ts';
import { anycheckAuthorization } from '../../functions/adapters/anycheck/session.ts';
import { budgetRow } from '../../functions/adapters/dynamodb/budget-row.ts';
import type { AnyCheck } from '../../functions/domain/upstream/anycheck.ts';
import type { EventDetails, UpstreamEvent } from '../../functions/domain/upstream/breaker.ts';
import type { Counted } from '../../functions/domain/upstream/feedback.ts';
import { rateLimiter } from '../../functions/domain/upstream/limiter.ts';

interface InstanceOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly http: Http;
  readonly credentials: CredentialsReader;
  readonly now: () => number;
  readonly emit?: (event: UpstreamEvent, details?: EventDetails) => void;
  readonly count?: (what: Counted) => void;
}

/** AnyCheck as one Lambda instance sees it: session and budget are shared through the table, and nothing else. */
export function anycheckInstance(options: InstanceOptions): AnyCheck {
  const { client, table, http, credentials, now, emit = () => {}, count = () => {} } = options;
  const waiting = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal });
  const limiter = rateLimiter({
    store: budgetRow(client, table),
    priority: 'reader',
    settings: { share: 1, maxRps: 10_000 },
    now,
    sleep: waiting,
    random: Math.random,
    emit,
    count,
  });
  const authorization = anycheckAuthorization({
    http,
    limiter,
    credentials,
    client,
    table,
    now,
    sleep: (ms) => sleep(ms),
  });
  return anycheckClient({ http, limiter, authorization, random: () => 0, sleep: waiting });
}
