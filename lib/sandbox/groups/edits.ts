import * as z from 'zod';
import { ApiError, notFound, parseBody, parseJson } from '../api-error.ts';
import type { Call, SandboxContext } from '../context.ts';
import { type Reply, sourceReply } from '../reply.ts';
import { RETRY_SCRIPT, type Stage } from './life.ts';
import { parseUuid } from './list-query.ts';
import { renderVerification, statusOf, type Verification } from './verification.ts';

const RETRIED_WITHOUT_FORCE = ['FAILED', 'PARTIALLY_FAILED', 'COMPLETED', 'PARTIALLY_COMPLETED'];

const retrySchema = z.object({ force: z.boolean().default(false) });
const reviewSchema = z.object({ status: z.literal('NEED_REVIEW') });

/** `POST /verifications/{id}/retry`: puts a verification back into the queue, where its life cycle restarts. */
export function retryVerification(context: SandboxContext, call: Call): Reply {
  const { force } = parseBody(retrySchema, parseJson(call.body));
  const forced = force || call.url.searchParams.get('force') === 'true';
  return beginLife(context, call, RETRY_SCRIPT, (status) => forced || RETRIED_WITHOUT_FORCE.includes(status));
}

/**
 * `PUT /verifications/{id}`: sends a COMPLETED verification to a person's review. The sandbox supports no other edit.
 */
export function reviewVerification(context: SandboxContext, call: Call): Reply {
  parseBody(reviewSchema, parseJson(call.body));
  return beginLife(context, call, [{ after: 0, status: 'NEED_REVIEW' }], (status) => status === 'COMPLETED');
}

function beginLife(context: SandboxContext, call: Call, script: Stage[], allowed: (status: string) => boolean): Reply {
  const { store, catalogue, watch } = context;
  const id = parseUuid(call.params.id ?? '');
  const found = catalogue.find(id);
  if (found === undefined) throw notFound(`verification ${id}`);
  const now = context.now();
  const status = statusOf(found.verification, now);
  if (!allowed(status)) throw new ApiError(400, 'INVALID_VALUE', `not possible while the verification is ${status}`);
  const life = { startedAt: now, script };
  watch.during(found.resultId, () => {
    store.data.lives[found.resultId] = { ...store.data.lives[found.resultId], [id]: life };
    store.save();
  });
  const begun: Verification = { ...found.verification, life };
  return sourceReply(200, renderVerification(begun, now, true));
}
