import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Served, serve } from './serve.ts';

/** An error response. The AWS SDKs turn it into an exception with the name `type`. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export interface AwsJsonOperations {
  /** By name, which is the part of `X-Amz-Target` after the dot. They throw AwsError. */
  readonly operations: Readonly<Record<string, (input: unknown) => unknown>>;
  /** Returns the document for a GET of a path; undefined: 404. */
  readonly documents?: (path: string) => unknown;
  /** By path. A GET of it hands over the response, which stays open. */
  readonly streams?: Readonly<Record<string, (response: ServerResponse) => void>>;
}

/** Serves operations of an AWS service in the JSON 1.1 protocol on 127.0.0.1. @param port 0: any free port. */
export async function serveAwsJson(service: AwsJsonOperations, port = 0): Promise<Served> {
  const server = createServer((request, response) => void answer(service, request, response));
  return serve(server, port);
}

async function answer(service: AwsJsonOperations, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const stream = request.method === 'GET' ? service.streams?.[request.url ?? ''] : undefined;
  if (stream !== undefined) return stream(response);
  try {
    const result = request.method === 'GET' ? document(service, request.url ?? '/') : await operate(service, request);
    send(response, 200, result);
  } catch (error) {
    const { type, message, status } =
      error instanceof AwsError ? error : new AwsError('InternalErrorException', 'Internal error', 500);
    response.setHeader('x-amzn-errortype', type);
    send(response, status, { __type: type, message });
  }
}

function document(service: AwsJsonOperations, path: string): unknown {
  const found = service.documents?.(path);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `There is no ${path}.`, 404);
  return found;
}

async function operate(service: AwsJsonOperations, request: IncomingMessage): Promise<unknown> {
  const target =
    String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? '';
  const operation = Object.hasOwn(service.operations, target) ? service.operations[target] : undefined;
  if (operation === undefined) {
    throw new AwsError('UnknownOperationException', `The local run does not know the operation ${target}.`);
  }
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  let input: unknown;
  try {
    input = JSON.parse(text === '' ? '{}' : text);
  } catch {
    throw new AwsError('SerializationException', 'The request is not JSON.');
  }
  return operation(input);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': crypto.randomUUID(),
  });
  response.end(JSON.stringify(body));
}
