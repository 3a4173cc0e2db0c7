import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { printable } from '../events/event-line.ts';
import { messageOf, onPort } from '../fault.ts';
import { readBody } from '../http/body.ts';
import { type Served, serve } from '../http/serve.ts';

/** A receiver of webhooks. `url` is the one that receives; a GET of it is 204, so that others see that it runs. */
export interface Receiver extends Served {
  /** Sets the secret that verifies deliveries. Before, they are answered with 503, and come again. */
  verifyWith(secret: string): void;
}

/** What receives deliveries. */
export interface Received {
  /** @param event the parsed body of a delivery with a good signature. */
  onEvent(event: unknown, at: Date): void;
  /** @param why a text in one line. */
  onRefused(why: string, at: Date): void;
}

/**
 * Starts a receiver on this machine. Its path is random, so deliveries to a former receiver on the same port are 404.
 * @param port 0: any free port.
 * @throws LocalFault when the port is in use.
 */
export async function startReceiver(port: number, { onEvent, onRefused }: Received): Promise<Receiver> {
  const path = `/${randomUUID()}`;
  let webhook: Webhook | undefined;
  const server = createServer(async (request, response) => {
    const answer = (status: number) => response.writeHead(status).end();
    if (request.url !== path) return answer(404);
    if (request.method !== 'POST') return answer(request.method === 'GET' ? 204 : 405);
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return answer(413);
    if (webhook === undefined) return answer(503);
    const at = new Date();
    const header = (name: string) => String(request.headers[name] ?? '');
    const id = header('webhook-id');
    try {
      const headers = Object.fromEntries(HEADERS.map((name) => [name, header(name)]));
      onEvent(webhook.verify(body, headers), at);
    } catch (error) {
      onRefused(printable(`webhook-id ${id || 'missing'}: ${messageOf(error)}`), at);
      return answer(400);
    }
    return answer(204);
  });
  const { url, close } = await onPort('LISTEN_PORT', port, (at) => serve(server, at));
  return {
    url: `${url}${path}`,
    close,
    verifyWith(secret) {
      webhook = new Webhook(secret);
    },
  };
}

const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
