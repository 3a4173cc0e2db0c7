import { Router } from '@aws-lambda-powertools/event-handler/http';
import { routeKey } from '../../../functions/route.ts';
import { writeAuditLine } from '../../../functions/runtime/access/audit.ts';
import { callerOf } from '../../../functions/runtime/access/caller.ts';
import { api, endpoint } from '../../../functions/runtime/api.ts';
import { http } from '../../../functions/runtime/http.ts';
import { listVerifications } from '../../../functions/verifications/routes.ts';
import { NO_KEYS } from '../../fakes/api-keys.ts';
import { CLAIMS } from '../../fakes/claims.ts';
import type { Contend } from '../cpu/child.ts';
import { CONTEXT, readEvent } from './event.ts';
import { RESULT_ID } from './stored.ts';

const inner = async () => ({ status: 200, body: '{}' });

const event = readEvent({ offset: 0, size: 10 });
const stack = http(inner);
const whole = api([endpoint(listVerifications, inner)], CLAIMS, { keys: NO_KEYS });
const app = new Router();
app.get('/verifications', async () => ({}));
const line = {
  request: event.requestContext.requestId,
  route: routeKey(listVerifications),
  who: '0a9c8b7d-1e2f-4a3b-8c4d-5e6f7a8b9c0d',
  groups: [RESULT_ID],
  outcome: 200,
};

const CALLS: Readonly<Record<string, () => unknown>> = {
  inner,
  stack: () => stack(event, CONTEXT),
  caller: () => callerOf(event, CLAIMS),
  line: () => writeAuditLine(line),
  whole: () => whole(event, CONTEXT),
  router: () => app.resolve(event, CONTEXT),
};

/** The middleware around an answer, without the answer. */
export const contend: Contend = async (name) => {
  const call = CALLS[name];
  if (!call) throw new Error(`there is no call ${name}`);
  return { call, outcome: '' };
};
