import type { ListRequest } from '../domain/read/list-request.ts';
import type { ListedPage } from '../domain/read/listed-page.ts';
import { matches } from '../runtime/rest/negotiation.ts';
import type { Reply } from '../runtime/rest/reply.ts';
import { fitting } from './fitting.ts';

/** The request headers that change the answer; '' if they are missing. */
export interface Negotiation {
  readonly ifNoneMatch: string;
  readonly acceptEncoding: string;
}

/** Builds the answer: AnyCheck's body from its source text, with the headers for caches and for audits. */
export function listReply(listed: ListedPage, request: ListRequest, negotiation: Negotiation): Reply {
  const { snapshot, isRedacted, age } = listed;
  // Redaction changes a version in place, so it must change the ETag: a 304 would confirm the copy with personal data.
  const content = isRedacted ? 'redacted' : snapshot.bytes;
  const etag = `W/"${snapshot.version}-${content}-${request.offset}-${request.size}"`;
  const headers = {
    etag,
    'last-modified': new Date(snapshot.publishedAt).toUTCString(),
    age: String(age),
    'x-snapshot-age': String(age),
    'x-snapshot-version': String(snapshot.version),
  };
  if (matches(negotiation.ifNoneMatch, etag)) return { status: 304, headers };
  const open = `{"total":${snapshot.totalText},"overall_status":${snapshot.overallStatusText},"items":[`;
  const body = Buffer.concat([Buffer.from(open), listed.joined(), CLOSE]).toString();
  const sent = fitting(body, listed, (some) => `${open}${some.join()}]}`, negotiation.acceptEncoding);
  return { status: 200, ...sent, headers: { ...headers, ...sent.headers } };
}

const CLOSE = Buffer.from(']}');
