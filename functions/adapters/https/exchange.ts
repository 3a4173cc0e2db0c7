import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { type AttemptError, isSuccess } from '../../domain/webhooks/delivery.ts';
import { lookupLoopback, lookupPublic, RefusedAddress } from './lookup.ts';

/** What is read of an answer, at most. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** Answers such as `103 Early Hints` before the answer itself. */
const MAX_INTERIM_ANSWERS = 16;
/** After this time without a connection, the next address of the host is tried. The last one has the whole deadline. */
const NEXT_ADDRESS_MS = 2_000;

export interface Outgoing {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** ms, from the name resolution to the last byte of the answer. */
  readonly deadlineMs: number;
}

export interface Answer {
  /** The HTTP status, or the class of the failure. */
  readonly answer: number | AttemptError;
  /** The header of the answer; undefined where there is none. */
  readonly retryAfter?: string | undefined;
}

/**
 * Sends one POST on a connection of its own, so that each attempt resolves the name and checks its addresses anew. It
 * follows no redirect, uses no proxy, and discards the body of the answer. A status that is no success counts however its
 * body ends. A success needs the end of the body, or its first 64 KB.
 * @param url `http` only for this machine. @throws what node:http throws for a header or URL that it can not send.
 */
export function exchange(url: URL, { headers, body, deadlineMs }: Outgoing): Promise<Answer> {
  const isSecure = url.protocol === 'https:';
  const bytes = Buffer.from(body);
  const agent = new (isSecure ? https : http).Agent({
    keepAlive: false,
    lookup: isSecure ? lookupPublic : lookupLoopback,
    // `lookup` returns all addresses, as this requires.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    // Whatever the environment variable NODE_TLS_REJECT_UNAUTHORIZED says.
    rejectUnauthorized: true,
  });
  const request = (isSecure ? https : http).request(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': bytes.byteLength },
    // Its own one: the global agent reuses sockets, and can use the proxy of the environment.
    agent,
    maxHeaderSize: MAX_HEADER_BYTES,
  });

  return new Promise((resolve) => {
    /** What it means if the request fails now. The loopback addresses need no name server. */
    let phase: AttemptError = isSecure ? 'DNS' : 'CONNECT';
    let answered: Answer | undefined;
    let interim = 0;

    /** Only the first call counts. Listeners stay: a socket can fail after it. */
    function end(answer: Answer) {
      clearTimeout(deadline);
      resolve(answer);
      request.destroy();
    }
    const fail = (failure: AttemptError) => end(answered && !isSuccess(answered) ? answered : { answer: failure });
    const deadline = setTimeout(() => fail('TIMEOUT'), deadlineMs);

    request.on('socket', (socket) => {
      socket.on('lookup', (error) => {
        if (!error) phase = 'CONNECT';
      });
      socket.on('connect', () => {
        phase = isSecure ? 'TLS' : 'PROTOCOL';
      });
      socket.on('secureConnect', () => {
        phase = 'PROTOCOL';
      });
    });
    request.on('information', () => {
      interim++;
      if (interim > MAX_INTERIM_ANSWERS) fail('PROTOCOL');
    });
    // Once an answer has begun, reading it decides: a socket can fail or close while the rest of the answer is buffered.
    request.on('error', (error) => {
      if (!answered) fail(classOf(error) ?? phase);
    });
    request.on('close', () => {
      if (!answered) fail(phase);
    });
    request.on('response', (response) => {
      const received: Answer = {
        answer: response.statusCode ?? 'PROTOCOL',
        retryAfter: response.headers['retry-after'],
      };
      answered = received;
      read(response).then(
        () => end(received),
        () => fail('PROTOCOL'),
      );
    });
    request.end(bytes);
  });
}

/** Reads a body to its end, or its first bytes. @throws an Error where the connection breaks before. */
async function read(response: IncomingMessage): Promise<void> {
  let length = 0;
  for await (const chunk of response) {
    length += Buffer.byteLength(chunk);
    if (length >= MAX_BODY_BYTES) return;
  }
}

/** The class of an error that the phase does not determine. */
function classOf(error: unknown): AttemptError | undefined {
  if (error instanceof RefusedAddress) return 'REFUSED_ADDRESS';
  return error instanceof Error && 'code' in error && error.code === 'HPE_HEADER_OVERFLOW' ? 'TOO_LONG' : undefined;
}
