import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Served, serve } from '../../../lib/local/http/serve.ts';

/** What happens to one request. */
type Fault =
  /** The connection ends before the service has the request. */
  | 'lost request'
  /** The service executes the request, and the connection ends before its answer. */
  | 'lost answer'
  /** The connection ends within the body of the answer. */
  | 'cut answer'
  | 'expired token'
  | { readonly status: number; readonly retryAfter?: string }
  /** The service executes the request, then this is called, and the answer is never sent. */
  | (() => void);

/** A proxy before the service, which breaks requests. */
export interface FaultyProxy extends Served {
  /** The requests so far: `POST /groups` and the like. */
  readonly requests: string[];
  /** Breaks the next requests that begin with `call`, one after the other. `undefined` breaks none. */
  breakNext(call: string, ...faults: (Fault | undefined)[]): void;
}

export async function startProxy(target: () => string): Promise<FaultyProxy> {
  const requests: string[] = [];
  const queues = new Map<string, (Fault | undefined)[]>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const call = `${method} ${url}`;
    requests.push(call);
    const body = new Uint8Array(await buffer(request));
    const [, queue] = [...queues].find(([beginning, { length }]) => length > 0 && call.startsWith(beginning)) ?? [];
    const fault = queue?.shift();
    if (fault === 'lost request') return void request.socket.destroy();
    if (fault === 'expired token') return void response.writeHead(401).end('{"message":"Unauthorized"}');
    if (typeof fault === 'object') {
      if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
      return void response.writeHead(fault.status).end('{"message":"Too Many Requests"}');
    }
    const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = request.headers;
    const answered = await fetch(`${target()}${url}`, {
      method,
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(method !== 'GET' && { body }),
    });
    const content = Buffer.from(await answered.arrayBuffer());
    if (typeof fault === 'function') return fault();
    if (fault === 'lost answer') return void request.socket.destroy();
    for (const name of ['content-type', 'retry-after']) {
      const value = answered.headers.get(name);
      if (value !== null) response.setHeader(name, value);
    }
    response.writeHead(answered.status, { 'content-length': content.length });
    if (fault !== 'cut answer') return void response.end(content);
    response.write(content.subarray(0, content.length / 2), () => request.socket.destroy());
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  return {
    ...(await serve(server)),
    requests,
    breakNext: (call, ...faults) => void queues.set(call, [...(queues.get(call) ?? []), ...faults]),
  };
}
