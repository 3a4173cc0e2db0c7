import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import zlib from 'node:zlib';
import type { Coding, Reply } from './reply.ts';

const ENCODERS: Record<Coding, (body: Buffer) => Buffer> = {
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  'deflate-raw': zlib.deflateRawSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
};

const encoded = (body: Buffer, codings: readonly Coding[] = []) =>
  codings.reduce((bytes, coding) => ENCODERS[coding](bytes), body);

/**
 * Writes a reply to its socket in the way of its `delivery`.
 * @param signal aborts the delay when the server closes.
 * @returns whether it wrote the whole reply.
 */
export async function deliver(reply: Reply, response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  if (reply.delayMs !== undefined) await sleep(reply.delayMs, undefined, { signal });
  const body = encoded(Buffer.from(reply.body), reply.codings);
  const half = body.subarray(0, Math.ceil(body.length / 2));
  const head = () =>
    response.writeHead(reply.status, {
      ...reply.headers,
      ...(reply.status === 204 ? {} : { 'content-length': body.length }),
    });
  switch (reply.delivery ?? 'whole') {
    case 'whole':
      head().end(body);
      return true;
    case 'hang':
      return false;
    case 'reset':
      response.socket?.resetAndDestroy();
      return false;
    case 'stall':
      head().write(half);
      return false;
    case 'cut_off':
      head().write(half, () => response.socket?.destroy());
      return false;
  }
}
