import * as z from 'zod/mini';
import type { Due } from '../domain/ports.ts';

/** A message names the due time that it was queued for: a worker drops it when the group's row says another. */
const Message = z.object({ result_id: z.string(), due: z.number() });

export const messageOf = ({ resultId, due }: Due): string =>
  JSON.stringify({ result_id: resultId, due } satisfies z.input<typeof Message>);

export const parseMessage = (body: string): Due => {
  const { result_id, due } = Message.parse(JSON.parse(body));
  return { resultId: result_id, due };
};
