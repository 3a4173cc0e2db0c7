import type { ListRequest } from '../domain/read/list-request.ts';
import type { ListedPage } from '../domain/read/listed-page.ts';
import { httpDate } from '../runtime/rest/http-date.ts';
import { matches } from '../runtime/rest/negotiation.ts';
import type { Reply } from '../runtime/rest/reply.ts';
import { tooLargePage } from './fitting.ts';

/** The request headers that change the answer; '' if they are missing. */
export interface Negotiation {
  readonly ifNoneMatch: string;
  readonly ifModifiedSince: string;
}

/** Builds the answer: AnyCheck's body from its source text, with the headers for caches and for audits. @param now ms since the epoch. */
export function listReply(listed: ListedPage, request: ListRequest, negotiation: Negotiation, now: number): Reply {
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
  const { ifNoneMatch, ifModifiedSince } = negotiation;
  const isHeld =
    ifNoneMatch === ''
      ? isUnmodified(listed, request, httpDate(ifModifiedSince) ?? now, now)
      : matches(ifNoneMatch, etag);
  if (isHeld) return { status: 304, headers };
  const open = `{"total":${snapshot.totalText},"overall_status":${snapshot.overallStatusText},"items":[`;
  return {
    status: 200,
    headers,
    body: Buffer.concat([Buffer.from(open), ...listed.joined(), CLOSE]),
    tooLarge: (fits) => tooLargePage(listed, (some) => `${open}${some.join()}]}`, fits),
  };
}

const CLOSE = Buffer.from(']}');

/**
 * Whether a caller that read this address at some moment of a second has the content that is served now. The second must
 * be over, and nothing may have been stored in it or since: the caller may have read before that. Content that is the
 * only one its address ever had may be as old as the second.
 * @param second its beginning. @param now ms since the epoch, both.
 */
function isUnmodified(
  { snapshot, isRedacted, storedAt }: ListedPage,
  { version }: ListRequest,
  second: number,
  now: number,
) {
  const isFirst = version !== undefined || snapshot.version === 1;
  const isOnly = isFirst && snapshot.revision === snapshot.since && !isRedacted;
  return second + 1000 <= now && (isOnly ? snapshot.publishedAt - 999 : storedAt + 1) <= second;
}
