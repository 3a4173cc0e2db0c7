import { connect, type Socket } from 'node:net';

/** An answer, its names in lower case; repeated headers are joined as lists are. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** ms: longer than the longest that any function may run. */
const HANGING = 30_000;
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * Sends bytes on a connection of their own, as they are, and reads the first answer to them.
 * @param cut whether the sending side ends with them. @returns undefined where the connection ended without an answer.
 * @throws an Error where nothing comes for 30 seconds, or no answer that can be read.
 */
export async function exchange(
  port: number,
  bytes: Buffer,
  method: string,
  cut = false,
): Promise<Received | undefined> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(HANGING, () => socket.destroy(new Error('it hangs')));
  // What was refused before all of it was read resets the connection, often behind the answer.
  socket.on('error', () => {});
  if (cut) socket.end(bytes);
  else socket.write(bytes);
  try {
    return await answerOf(socket, method);
  } finally {
    socket.destroy();
  }
}

async function answerOf(socket: Socket, method: string): Promise<Received | undefined> {
  const { promise, resolve } = Promise.withResolvers<Received | undefined>();
  let said = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    said = Buffer.concat([said, chunk]);
    const received = parsed(said, method);
    if (received) resolve(received);
  });
  socket.once('close', () => resolve(undefined));
  const received = await promise;
  if (received) return received;
  if (socket.errored?.message === 'it hangs') throw socket.errored;
  if (said.length > 0) throw new Error(`half an answer: ${said.toString('latin1')}`);
  return undefined;
}

/** The first final answer once it is there whole. The gateway tells the length of every one. */
function parsed(said: Buffer, method: string): Received | undefined {
  const end = said.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [first = '', ...lines] = said.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  if (status < 200) return parsed(said.subarray(end + HEAD_END.length), method);
  const headers = new Headers(
    lines.map((line): [string, string] => [line.split(':')[0] ?? '', line.replace(/^[^:]*: ?/, '')]),
  );
  const bodiless = method === 'HEAD' || status === 204 || status === 304;
  const length = bodiless ? 0 : Number(headers.get('content-length') ?? 0);
  const body = said.subarray(end + HEAD_END.length);
  return body.length < length ? undefined : { status, headers, body: body.subarray(0, length) };
}
