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
        'Returns the version that was current at this time (RFC 3339). Not allowed together with snapshot_version.',
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

/**
 * The largest allowed age in seconds: the strictest `no-cache` or `max-age` counts. Other and malformed directives are
 * ignored (RFC 9111, 5.2.1).
 */
function maxAgeOf(cacheControl: string): number | undefined {
  const ages = cacheControl
    .toLowerCase()
    .split(',')
    .flatMap((directive) => {
      const text = directive.trim();
      if (text === 'no-cache') return [0];
      const age = /^max-age="?(\d{1,10})"?$/.exec(text)?.[1];
      return age === undefined ? [] : [Number(age)];
    });
  return ages.length > 0 ? Math.min(...ages) : undefined;
}
