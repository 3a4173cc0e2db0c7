import { ApiError, invalidField } from '../api-error.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const INTEGER = /^(0|[1-9]\d{0,15})$/;

export interface ListQuery {
  resultId: string;
  /** Items to skip. */
  pageOffset: number;
  /** Items per page, 1 to 100. */
  pageSize: number;
}

/** Parses the query of `GET /verifications`, and ignores unknown parameters. @throws ApiError for an invalid one. */
export function parseListQuery(query: URLSearchParams): ListQuery {
  const resultId = single(query, 'result_id');
  if (resultId === undefined || resultId === '') throw invalidField('result_id', 'is required');
  return {
    resultId: parseUuid(resultId),
    pageOffset: integer(query, 'page_offset', 0, 0, Number.MAX_SAFE_INTEGER),
    pageSize: integer(query, 'page_size', 10, 1, 100),
  };
}

/** Returns the UUID in lower case. @throws ApiError INVALID_ID for a malformed one. */
export function parseUuid(text: string): string {
  if (!UUID.test(text)) throw new ApiError(400, 'INVALID_ID', `${JSON.stringify(text)} is not a UUID`);
  return text.toLowerCase();
}

function integer(query: URLSearchParams, field: string, fallback: number, from: number, to: number): number {
  const text = single(query, field);
  if (text === undefined) return fallback;
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  if (!(value >= from && value <= to)) throw invalidField(field, `must be an integer from ${from} to ${to}`);
  return value;
}

function single(query: URLSearchParams, field: string): string | undefined {
  const values = query.getAll(field);
  if (values.length > 1) throw invalidField(field, 'must be given once');
  return values[0];
}
