import type { ListRequest } from '../domain/list-request.ts';
import type { Listed } from '../domain/list-verifications.ts';
import type { Reply } from '../runtime/http.ts';
import { fitting } from './fitting.ts';

/** Request headers that shape the answer; '' where they are missing. */
export interface Negotiation {
  readonly ifNoneMatch: string;
  readonly acceptEncoding: string;
}

/** AnyCheck's own body, from source text, and what a cache or an auditor wants to know beside it. */
export function listReply({ snapshot, items, age }: Listed, request: ListRequest, negotiation: Negotiation): Reply {
  const etag = `W/"${snapshot.version}-${snapshot.bytes}-${request.offset}-${request.size}"`;
  const headers = {
    etag,
    'last-modified': new Date(snapshot.publishedAt).toUTCString(),
    age: String(age),
    'x-snapshot-age': String(age),
    'x-snapshot-version': String(snapshot.version),
  };
  if (matches(negotiation.ifNoneMatch, etag)) return { status: 304, headers };
  const open = `{"total":${snapshot.totalText},"overall_status":${snapshot.overallStatusText},"items":[`;
  const fitted = fitting(items, (some) => `${open}${some.join()}]}`, negotiation.acceptEncoding);
  return { status: 200, ...fitted, headers: { ...headers, ...fitted.headers } };
}

/** Weak comparison with every tag of `If-None-Match` (RFC 9110, 13.1.2). */
function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = (tag: string) => tag.replace(/^W\//, '');
  return (ifNoneMatch.match(/(W\/)?"[^"]*"/g) ?? []).some((tag) => opaque(tag) === opaque(etag));
}
