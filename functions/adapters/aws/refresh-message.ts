import * as z from 'zod/mini';
import type { Due } from '../../domain/refresh/queue.ts';

/**
 * A message holds the due time that it was queued for: a worker drops it if the schedule record has another due time.
 * It also holds the id of the request that queued it; messages of earlier deployments have none.
 */
const Message = z.object({ result_id: z.string(), due: z.number(), request: z.optional(z.string()) });

export interface RefreshMessage extends Due {
  readonly request?: string | undefined;
}

export const messageOf = ({ resultId, due, request }: RefreshMessage): string =>
  JSON.stringify({ result_id: resultId, due, request } satisfies z.input<typeof Message>);

export const parseMessage = (body: string): RefreshMessage => {
  const { result_id, due, request } = Message.parse(JSON.parse(body));
  return { resultId: result_id, due, request };
};
