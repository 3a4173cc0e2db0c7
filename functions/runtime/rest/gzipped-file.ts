import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { header } from './http-event.ts';
import { acceptedBy, matches } from './negotiation.ts';
import type { Reply } from './reply.ts';

/** A text file that stays the same until the next deployment. */
export interface File {
  answer(event: APIGatewayProxyEventV2): Reply;
}

/** @param headers are added to the headers that every file has. */
export function gzippedFile(gzipped: Buffer, type: string, headers: Readonly<Record<string, string>> = {}): File {
  const etag = `W/"${createHash('sha256').update(gzipped).digest('base64url')}"`;
  const common = {
    etag,
    'cache-control': 'public, max-age=300',
    'x-content-type-options': 'nosniff',
    ...headers,
  };
  return {
    answer(event) {
      if (matches(header(event, 'if-none-match'), etag)) return { status: 304, headers: common };
      const typed = { ...common, 'content-type': type };
      const { gzip, identity } = acceptedBy(header(event, 'accept-encoding'));
      if (!(gzip > 0 && gzip >= identity)) {
        return { status: 200, headers: typed, body: gunzipSync(gzipped).toString() };
      }
      const encoded = { ...typed, 'content-encoding': 'gzip' };
      return { status: 200, headers: encoded, body: gzipped.toString('base64'), isBase64Encoded: true };
    },
  };
}
