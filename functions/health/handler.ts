import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { sweepRow } from '../adapters/dynamodb/sweep-row.ts';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import { json } from '../runtime/rest/json.ts';
import { Env } from './env.ts';
import { health } from './routes.ts';

const RETRY_AFTER_SECONDS = 5;

const env = parseEnv(Env);
// Two attempts of a second each, so that the caller has an answer within about two seconds.
const row = sweepRow(documentClient(2, 1_000), env.TABLE_NAME);

export const handler = api([
  endpoint(health, async () => {
    await row.lastEnd().catch((cause: unknown) => {
      throw new ApiError(503, 'INTERNAL_SERVER_ERROR', 'The service cannot read its table.', {
        retryAfter: RETRY_AFTER_SECONDS,
        cause,
      });
    });
    return json(health, 200, { status: 'ok' });
  }),
]);
