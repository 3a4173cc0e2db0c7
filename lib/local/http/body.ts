import type { IncomingMessage } from 'node:http';

/** The maximum body of an HTTP API. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Returns the whole body, or undefined when it exceeds MAX_BODY_BYTES. It discards the rest of a body that is too
 * large.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) resolve(undefined);
    else chunks.push(chunk);
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('error', reject);
  return promise;
}
