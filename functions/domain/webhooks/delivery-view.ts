import * as z from 'zod/mini';
import { EVENT_TYPES, EventId } from '../events/event.ts';
import { ResultId } from '../group/result-id.ts';
import { iso, isoOrNull } from '../iso-time.ts';
import {
  ATTEMPT_ERRORS,
  type Attempt,
  type AttemptResult,
  CANCEL_REASONS,
  DELIVERY_STATUSES,
  type Delivery,
  isSuccess,
  MAX_LOGGED,
} from './delivery.ts';

const meta = (description: string) => z.meta({ description });
const time = z.iso.datetime();
const count = z.int().check(z.minimum(0));

const outcome = {
  status: z.nullable(z.int()).check(meta('The HTTP status of the answer; null where there is none.')),
  error: z
    .nullable(z.enum(ATTEMPT_ERRORS))
    .check(meta('Why there is no answer; null where there is one. It names no address.')),
  duration_ms: count.check(meta('From the beginning to the last byte that was read.')),
};

const AttemptView = z.object({ at: time, ...outcome }).check(z.meta({ id: 'DeliveryAttempt' }));

/** The end of a test, as the API returns it. */
export const TestView = z
  .object({ delivered: z.boolean().check(meta('Whether the endpoint answered with 2xx.')), ...outcome })
  .check(z.meta({ id: 'WebhookTest' }));

/** A delivery as the API returns it. Times as RFC 3339, in UTC. */
export const DeliveryView = z
  .object({
    delivery_id: z.string(),
    event_id: EventId,
    type: z.enum(EVENT_TYPES),
    result_id: ResultId,
    version: count,
    status: z
      .enum(DELIVERY_STATUSES)
      .check(
        meta(
          'pending: an attempt is due, or the delivery waits until the endpoint works. delivered: the endpoint answered ' +
            'with 2xx. failed: the service has given up. cancelled: see cancel_reason.',
        ),
      ),
    cancel_reason: z
      .nullable(z.enum(CANCEL_REASONS))
      .check(meta('ERASED: the group was erased, and its events with it. Null where the delivery is not cancelled.')),
    attempts: z.array(AttemptView).check(meta(`The last ${MAX_LOGGED} attempts, oldest first.`)),
    attempt_count: count.check(meta('All attempts since the delivery began, or since it was sent again.')),
    next_attempt: z
      .nullable(time)
      .check(meta('Null where the delivery is finished, or where it waits until the endpoint works.')),
    event_time: time,
  })
  .check(z.meta({ id: 'Delivery' }));

const outcomeOf = ({ answer, durationMs }: Pick<AttemptResult, 'answer' | 'durationMs'>) => ({
  ...(typeof answer === 'number' ? { status: answer, error: null } : { status: null, error: answer }),
  duration_ms: Math.round(durationMs),
});

const attemptView = (attempt: Attempt) => ({ at: iso(attempt.at), ...outcomeOf(attempt) });

export const deliveryView = (delivery: Delivery): z.input<typeof DeliveryView> => ({
  delivery_id: delivery.id,
  event_id: delivery.eventId,
  type: delivery.type,
  result_id: delivery.resultId,
  version: delivery.version,
  status: delivery.status,
  cancel_reason: delivery.cancelReason ?? null,
  attempts: delivery.attempts.map(attemptView),
  attempt_count: delivery.attemptCount,
  next_attempt: isoOrNull(delivery.nextAttempt),
  event_time: iso(delivery.at),
});

export const testView = (result: AttemptResult): z.input<typeof TestView> => ({
  delivered: isSuccess(result),
  ...outcomeOf(result),
});
