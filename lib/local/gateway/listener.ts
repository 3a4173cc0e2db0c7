import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf, LocalFault } from '../fault.ts';
import { gatewayError, internalServerError, type Reply, send } from './reply.ts';

export type Answer = (request: IncomingMessage, requestId: string) => Promise<Reply>;

/** The gateway's port. Until `serve` is called every request is answered 503. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  serve(answer: Answer): void;
  /** Takes no new requests, and gives those under way `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>;
}

/** Bytes of request line and header fields that an HTTP API takes. */
const MAX_HEADER_BYTES = 10_240;

/** Milliseconds that an unused connection stays open: longer than the five seconds of Node, as clients expect of a gateway. */
const KEEP_ALIVE = 65_000;

/** @throws LocalFault when the port is taken. */
export async function listen(port: number): Promise<Listener> {
  let answer: Answer = async () => gatewayError(503, 'Service Unavailable');
  // Node.js would refuse a request without a host, and one that expects more than to go on, by itself and without a word.
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, requireHostHeader: false });
  server.on('request', (request, response) => void handle(request, response));
  server.on('checkExpectation', (request, response) => void handle(request, response));
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const requestId = crypto.randomUUID();
    try {
      const isNamed = request.headers.host !== undefined || request.httpVersion === '1.0';
      send(response, isNamed ? await answer(request, requestId) : gatewayError(400, 'Bad Request'), requestId);
    } catch {
      // A result that no HTTP response can carry, such as a header with a line break in it.
      if (!response.headersSent) send(response, internalServerError(), requestId);
    }
    request.resume();
  };
  server.keepAliveTimeout = KEEP_ALIVE;
  server.on('clientError', (error, socket) => {
    if (!socket.writable) return void socket.destroy();
    const tooLarge = codeOf(error) === 'HPE_HEADER_OVERFLOW';
    const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
    const body = JSON.stringify({ message: status.slice(4) });
    socket.end(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  const address = await bind(server, port);
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

async function bind(server: ReturnType<typeof createServer>, port: number): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  try {
    await promise;
  } catch (cause) {
    if (codeOf(cause) !== 'EADDRINUSE' && codeOf(cause) !== 'EACCES') throw cause;
    const why = codeOf(cause) === 'EACCES' ? 'may not be used' : 'is in use';
    throw new LocalFault(`Port ${port} ${why}: choose another with PORT.`, { cause });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address');
  return address;
}
