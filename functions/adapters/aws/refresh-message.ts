import * as z from 'zod/mini';
import type { Due } from '../../domain/refresh/queue.ts';

/**
 * A message names the due time that it was queued for: a worker drops it when the group's row says another; and the request that
 * it was queued in. Messages of earlier deployments name none.
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
