import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf, onPort } from '../fault.ts';
import { gatewayError, internalServerError, type Reply, send } from './reply.ts';

export type Answer = (request: IncomingMessage, requestId: string) => Promise<Reply>;

/** The gateway's HTTP server. It returns 503 to every request until `serve` is called. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  serve(answer: Answer): void;
  /** Accepts no new requests, and closes open connections after `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>;
}

/** The maximum size of request line and header fields of an HTTP API. */
const MAX_HEADER_BYTES = 10_240;

/** How long an idle connection stays open. Clients of API Gateway expect more than Node.js's five seconds. */
const KEEP_ALIVE_MS = 65_000;

/** Listens on `port` of 127.0.0.1; 0: any free port. @throws LocalFault when the port is in use or needs privileges. */
export async function listen(port: number): Promise<Listener> {
  let answer: Answer = async () => gatewayError(503, 'Service Unavailable');
  // By default Node.js itself rejects a request without a `Host` header or with an unknown `Expect` header, with an
  // empty body.
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, requireHostHeader: false });
  server.on('request', (request, response) => void handle(request, response));
  server.on('checkExpectation', (request, response) => void handle(request, response));
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const requestId = crypto.randomUUID();
    try {
      send(response, isNamed(request) ? await answer(request, requestId) : gatewayError(400, 'Bad Request'), requestId);
    } catch {
      // A function's result may not fit into an HTTP response, such as a header value with a line break.
      if (!response.headersSent) send(response, internalServerError(), requestId);
    }
    request.resume();
  };
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('clientError', (error, socket) => {
    if (!socket.writable) return void socket.destroy();
    const tooLarge = codeOf(error) === 'HPE_HEADER_OVERFLOW';
    const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
    const body = JSON.stringify({ message: status.slice(4) });
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  const address = await onPort('PORT', port, (at) => bind(server, at));
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    serve(next) {
      answer = next;
    },
    async close(graceMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await promise;
      clearTimeout(timer);
    },
  };
}

/** Whether a request names its host once, as HTTP/1.1 requires (RFC 9112, 3.2). Node.js ignores a second `Host`. */
function isNamed({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  return hosts.length === 1 || (hosts.length === 0 && httpVersion === '1.0');
}

async function bind(server: ReturnType<typeof createServer>, port: number): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return address;
}
