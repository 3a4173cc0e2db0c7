import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { serve } from '../../../../lib/local/http/serve.ts';

const eventSchema = z.strictObject({
  event: z.literal('verification.status_changed'),
  timestamp: z.iso.datetime(),
  result_id: z.string(),
  verification_id: z.string(),
  status: z.string(),
});

interface Received {
  headers: IncomingHttpHeaders;
  /** As it came. */
  text: string;
  event: z.infer<typeof eventSchema>;
}

export interface Receiver {
  url: string;
  /** In the order of arrival. */
  received: Received[];
  /** What was told of, oldest first, once that many deliveries have come. */
  events(count: number): Promise<Received['event'][]>;
  close(): Promise<void>;
}

/** A receiver of webhooks that ends with the test. It answers 204 unless told otherwise. */
export async function receiver(
  answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ headers: request.headers, text: body, event: eventSchema.parse(JSON.parse(body)) });
    answer(response);
  });
  const { url, close } = await serve(server);
  onTestFinished(close);
  return {
    url: `${url}/hook`,
    received,
    async events(count) {
      await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(count), { timeout: 10_000, interval: 20 });
      expect(received).toHaveLength(count);
      const events = received.map(({ event }) => event);
      return events.sort((one, other) => one.timestamp.localeCompare(other.timestamp));
    },
    close,
  };
}
