import { ApiError, invalidField } from './errors.ts';
import { resultIdFrom } from './result-id.ts';

/** What a caller of `GET /verifications` asks for. */
export interface ListRequest {
  /** Lower case. */
  readonly resultId: string;
  /** Items to skip. */
  readonly offset: number;
  /** Items on the page, 1 to 100. */
  readonly size: number;
  readonly version: number | undefined;
  /** Seconds: AnyCheck is asked first where its last word is older. 0 for `no-cache`, undefined where any age will do. */
  readonly maxAge: number | undefined;
}

const INTEGER = /^(0|[1-9][0-9]{0,15})$/;

/**
 * Reads the query (as sent, still percent-encoded) and the `Cache-Control` header.
 * @throws ApiError 400 naming the first field at fault.
 */
export function parseListRequest(rawQuery: string, cacheControl: string): ListRequest {
  const query = new URLSearchParams(rawQuery);
  return {
    resultId: resultIdOf(query),
    offset: integerOf(query, 'page_offset', 0, 0, Number.MAX_SAFE_INTEGER),
    size: integerOf(query, 'page_size', 10, 1, 100),
    version: versionOf(query),
    maxAge: maxAgeOf(cacheControl),
  };
}

/** A parameter's only value; undefined where it is missing. */
function only(query: URLSearchParams, field: string): string | undefined {
  const values = query.getAll(field);
  if (values.length > 1) throw invalidField(field, `${field} is given more than once.`);
  if (values[0] === '') throw invalidField(field, `${field} is empty.`);
  return values[0];
}

function resultIdOf(query: URLSearchParams): string {
  const value = only(query, 'result_id');
  if (value === undefined) throw invalidField('result_id', 'result_id is required.');
  const resultId = resultIdFrom(value);
  if (resultId === undefined) {
    throw new ApiError(400, 'INVALID_ID', 'result_id is not a UUID.', {
      errors: [{ field: 'result_id', message: 'result_id must be a UUID, 8-4-4-4-12 hexadecimal digits.' }],
    });
  }
  return resultId;
}

function integerOf<Absent>(
  query: URLSearchParams,
  field: string,
  absent: Absent,
  min: number,
  max: number,
): number | Absent {
  const value = only(query, field);
  if (value === undefined) return absent;
  const number = Number(value);
  if (!INTEGER.test(value) || number < min || number > max) {
    throw invalidField(field, `${field} must be an integer from ${min} to ${max}.`);
  }
  return number;
}

/** Any whole number may be asked for; one that was never published is not found, however large. */
function versionOf(query: URLSearchParams): number | undefined {
  const value = only(query, 'snapshot_version');
  if (value !== undefined && !/^\d+$/.test(value)) {
    throw invalidField('snapshot_version', 'snapshot_version must be a whole number.');
  }
  return value === undefined ? undefined : Number(value);
}

/** The strictest of the directives that ask for a fresh answer; others, and malformed ones, are ignored (RFC 9111, 5.2.1). */
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
