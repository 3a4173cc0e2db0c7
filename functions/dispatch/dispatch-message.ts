import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import { EventId } from '../domain/events/event.ts';
import { ResultId } from '../domain/group/result-id.ts';
import { type DispatchDeps, dispatch } from '../domain/webhooks/dispatch.ts';
import { log } from '../runtime/log/log.ts';

/** An event of the bus, as EventBridge puts it into the queue. Only the ids in it count: see dispatch. */
const Envelope = z.object({ detail: z.object({ id: EventId, data: z.object({ result_id: ResultId }) }) });

/** Makes the deliveries of the event that a message points at. */
export const dispatchMessage =
  (deps: DispatchDeps) =>
  async ({ body }: SQSRecord): Promise<void> => {
    const pointer = pointerIn(body);
    const dispatched = pointer && (await dispatch(deps, pointer));
    const ids = { event_id: pointer?.eventId, result_id: pointer?.resultId };
    if (!dispatched) log('warn', 'dispatch.dropped', ids);
    else if (dispatched.endpoints > 0) log('info', 'dispatch.done', { ...ids, deliveries: dispatched.endpoints });
  };

/** Returns undefined for a message with other ids. It can hold any text, so no log line shows it. */
function pointerIn(body: string): { readonly resultId: string; readonly eventId: string } | undefined {
  try {
    const { detail } = Envelope.parse(JSON.parse(body));
    return { resultId: detail.data.result_id, eventId: detail.id };
  } catch {
    return undefined;
  }
}
