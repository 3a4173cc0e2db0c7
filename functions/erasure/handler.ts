import { queueOnDemand } from '../adapters/aws/queue-on-demand.ts';
import { erasures } from '../adapters/dynamodb/erasures.ts';
import { ledger } from '../adapters/dynamodb/ledger.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { snapshots } from '../adapters/dynamodb/snapshots.ts';
import { erase, redact } from '../domain/erasure/erase.ts';
import { api, endpoint } from '../runtime/api.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { json } from '../runtime/rest/json.ts';
import { orNotFound } from '../runtime/rest/or-not-found.ts';
import { Env } from './env.ts';
import { eraseGroup, redactGroup } from './routes.ts';

const env = parseEnv(Env);
const client = documentClient(3, 3_000);
const place = { client, table: env.TABLE_NAME };
const deps = {
  store: { ...snapshots({ ...place, now: Date.now }), ...erasures(place) },
  ledger: ledger(client, env.LEDGER_TABLE_NAME),
  queue: queueOnDemand(({ refreshQueue, sqsClient }) =>
    refreshQueue(sqsClient(3, 2_000), env.REFRESH_QUEUE_URL, currentRequest),
  ),
  now: Date.now,
};

export const handler = api(
  [
    endpoint(eraseGroup, async ({ parameters }) => {
      await erase(deps, parameters.result_id);
      return { status: 204 };
    }),
    endpoint(redactGroup, async ({ parameters }) => {
      orNotFound((await redact(deps, parameters.result_id)) || undefined);
      return json(redactGroup, 202, { accepted: true });
    }),
  ],
  env,
);
