import * as z from 'zod/mini';
import { ResultId } from '../domain/group/result-id.ts';
import type { ListRequest } from '../domain/read/list-request.ts';
import { invalidField } from '../runtime/rest/api-error.ts';
import { integer, Time, versionNumber } from '../runtime/rest/query-fields.ts';
import { parseQuery } from '../runtime/rest/request.ts';

/**
 * The query of `GET /verifications`: AnyCheck's parameters, and those that choose a snapshot. Like AnyCheck, it is not
 * strict: other parameters are ignored.
 */
export const ListQuery = z.object({
  result_id: ResultId,
  page_offset: z
    ._default(integer(0, Number.MAX_SAFE_INTEGER), 0)
    .check(z.meta({ description: 'The number of items to skip (not pages).' })),
  page_size: z._default(integer(1, 100), 10).check(z.meta({ description: 'The number of items on the page.' })),
  snapshot_version: z
    .optional(versionNumber)
    .check(z.meta({ description: 'The version to return; by default the current one.' })),
  as_of: z.optional(Time).check(
    z.meta({
      type: 'string',
      format: 'date-time',
      description:
        'Returns the version that was current at this time (RFC 3339, or a Last-Modified; whole seconds mean the end of ' +
        'the second). Not allowed together with snapshot_version.',
    }),
  ),
});

/**
 * @param cacheControl the request's header; '' if there is none.
 * @throws ApiError 400 if the query has both `as_of` and `snapshot_version`.
 */
export function listRequest(query: z.output<typeof ListQuery>, cacheControl: string): ListRequest {
  if (query.as_of !== undefined && query.snapshot_version !== undefined) {
    throw invalidField('as_of', 'is not allowed together with snapshot_version');
  }
  return {
    resultId: query.result_id,
    offset: query.page_offset,
    size: query.page_size,
    version: query.snapshot_version,
    asOf: query.as_of,
    maxAge: maxAgeOf(cacheControl),
  };
}

/** Parses the query as sent. @throws ApiError 400 that names each invalid parameter. */
export const parseListRequest = (rawQuery: string, cacheControl: string): ListRequest =>
  listRequest(parseQuery(rawQuery, ListQuery), cacheControl);

/** The directives of a Cache-Control. A comma in a quoted string separates nothing (RFC 9110, 5.6.4). */
const DIRECTIVES = /(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g;
const DIRECTIVE = /^\s*([a-z-]+)\s*(?:=\s*"?(\d+)"?\s*)?$/;
/** Caches count no further (RFC 9111, 1.2.2). */
const MAX_SECONDS = 2 ** 31;

/**
 * The largest allowed age in seconds, by `no-cache` or `max-age`. `min-fresh` lowers a `max-age` and `max-stale` raises
 * it, so alone they mean nothing. Other and malformed directives are ignored (RFC 9111, 5.2.1). Of a directive that
 * comes twice, the strictest counts.
 */
function maxAgeOf(cacheControl: string): number | undefined {
  if (cacheControl === '') return undefined;
  const seconds = new Map<string, number>();
  for (const directive of cacheControl.toLowerCase().match(DIRECTIVES) ?? []) {
    const [, name, digits = MAX_SECONDS] = DIRECTIVE.exec(directive) ?? [];
    if (name) seconds.set(name, Math.min(Number(digits), seconds.get(name) ?? MAX_SECONDS));
  }
  if (seconds.has('no-cache')) return 0;
  const maxAge = seconds.get('max-age');
  const minFresh = seconds.get('min-fresh') ?? 0;
  return maxAge === undefined ? undefined : Math.max(0, maxAge - minFresh) + (seconds.get('max-stale') ?? 0);
}
