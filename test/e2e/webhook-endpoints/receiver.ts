import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { serve } from '../../../lib/local/http/serve.ts';

const Event = z.looseObject({
  id: z.string(),
  type: z.string(),
  data: z.looseObject({ result_id: z.string().optional() }),
});

type Event = z.infer<typeof Event>;

/** A request that a receiver got. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: Event;
}

/** An HTTP server of this machine that receives webhooks. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** The HTTP status of the next answers, 204 at first. */
  status: number;
  /** The events that `status` concerns, at first all. Others are answered 204. */
  concerns: (event: Event) => boolean;
  /** Headers of the next answers. */
  headers: Readonly<Record<string, string>>;
  /** What it got about a group, oldest first. */
  about(resultId: string): readonly Received[];
  close(): Promise<void>;
}

/** @param path with the query, which no log may show. */
export async function startReceiver(path = '/hook'): Promise<Receiver> {
  const received: Received[] = [];
  const server = await serve(
    createServer(async (request, response) => {
      const body = await text(request);
      const event = Event.parse(JSON.parse(body));
      received.push({ headers: request.headers, body, event });
      response.writeHead(receiver.concerns(event) ? receiver.status : 204, receiver.headers).end();
    }),
  );
  const receiver: Receiver = {
    url: `${server.url}${path}`,
    received,
    status: 204,
    concerns: () => true,
    headers: {},
    about: (resultId) => received.filter(({ event }) => event.data.result_id === resultId),
    close: server.close,
  };
  return receiver;
}
