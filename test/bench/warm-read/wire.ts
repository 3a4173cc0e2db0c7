import { EventEmitter } from 'node:events';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { Readable } from 'node:stream';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What DynamoDB answered, by operation. */
export type Wire = Readonly<Record<string, Uint8Array>>;

const operationOf = (headers: Readonly<Record<string, string>>) => headers['x-amz-target']?.split('.')[1] ?? '';

/** What an engine of this process answers to the client while something is done. */
export async function recorded({ config }: DynamoDBDocumentClient, act: () => Promise<unknown>): Promise<Wire> {
  const { requestHandler } = config;
  const { handle } = requestHandler;
  const wire: Record<string, Uint8Array> = {};
  requestHandler.handle = async (request, options) => {
    const answered = await handle.call(requestHandler, request, options);
    wire[operationOf(request.headers)] = answered.response.body;
    return answered;
  };
  try {
    await act();
  } finally {
    requestHandler.handle = handle;
  }
  return wire;
}

/** Bytes that TLS hands over at once, at most. */
const CHUNK = 16 * 1024;
const HEADERS = {
  server: 'Server',
  date: 'Sat, 15 Aug 2026 02:00:00 GMT',
  'content-type': 'application/x-amz-json-1.0',
  connection: 'keep-alive',
  'x-amzn-requestid': 'H0V2LE7G5V6G1DVDE3MRIOA2S3VV4KQNSO5AEMVJF66Q9ASUAAJG',
  'x-amz-crc32': '2745614147',
};

/** An open connection that answers at the event loop's next turn, for every client, in a bundle or not. */
class Replayed extends EventEmitter {
  readonly socket = { connecting: false, setKeepAlive() {}, setTimeout() {}, removeListener() {} };
  readonly #answer: () => void;

  constructor(answer: () => void) {
    super();
    this.#answer = answer;
  }
  end(): void {
    setImmediate(this.#answer);
  }
  destroy(): void {}
}

interface SentRequest {
  readonly headers: Readonly<Record<string, string>>;
}

/** Replaces HTTPS in this process: from now on each DynamoDB operation gets its recorded answer. */
export function replay(wire: Wire): void {
  const taken = new Map(
    Object.entries(wire).map(([name, body]) => [
      name,
      Array.from({ length: Math.ceil(body.length / CHUNK) }, (_, i) => body.subarray(i * CHUNK, (i + 1) * CHUNK)),
    ]),
  );
  const request = ({ headers }: SentRequest, take: (response: Readable) => void) => {
    const operation = operationOf(headers);
    const chunks = taken.get(operation);
    if (!chunks) throw new Error(`nothing was recorded of ${operation}`);
    return new Replayed(() => {
      const response = Readable.from(chunks, { objectMode: false });
      take(Object.assign(response, { statusCode: 200, headers: HEADERS }));
    });
  };
  Reflect.set(https, 'request', request);
  syncBuiltinESMExports();
}
