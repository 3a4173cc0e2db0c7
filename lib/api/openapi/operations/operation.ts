import type * as z from 'zod/mini';
import type { Failure } from '../../../../functions/route.ts';
import { invalidField } from '../../../../functions/runtime/rest/api-error.ts';

type FailureBody = z.input<typeof Failure>;

/**
 * The texts and examples of one route, which only the OpenAPI document needs. They stand here and not in the route, so
 * that no function's bundle contains them.
 */
export interface Operation {
  /** What the route does, in one to three sentences. */
  readonly description: string;
  /** What a call destroys for ever, as a sentence. The document shows it as a warning. */
  readonly destroys?: string;
  /** By name: path and query parameters, and request headers. A parameter with a default or an enum needs none. */
  readonly parameters?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** The bodies of successful answers, by status. */
  readonly answers: Readonly<Record<number, unknown>>;
  /** The bodies of errors, by status. */
  readonly failures: Readonly<Record<number, FailureBody>>;
}

/** The group of most examples. The sandbox of `npm start` has it, so that the examples work there. */
export const GROUP = '11111111-1111-4111-8111-111111111111';
export const OTHER_GROUP = '22222222-2222-4222-8222-222222222222';
/** An ETag that is a hash. */
export const ETAG = 'W/"hB0pzSZ0lIdFr8yZ4qRXB0Z0y0o1p2q3r4s5t6u7v8w"';
export const VERIFICATION = '6a447eab-5309-4fd0-8776-5ad202140b60';

export const INVALID_ID: FailureBody = {
  error_code: 'INVALID_ID',
  message: 'The request is not valid.',
  errors: [{ field: 'result_id', message: 'result_id must be a UUID, 8-4-4-4-12 hexadecimal digits.' }],
};
export const EXPIRED_VERSION: FailureBody = {
  error_code: 'NOT_FOUND',
  message: 'The retention of this version has ended: it was superseded too long ago.',
};
export const NOT_TRACKED: FailureBody = { error_code: 'NOT_FOUND', message: 'This group is not tracked.' };

/** The body of the answer to a request with an invalid field. @param what the predicate of a sentence about the field. */
export function invalid(field: string, what: string): FailureBody {
  const { code, message, errors = [] } = invalidField(field, what);
  return { error_code: code, message, errors: [...errors] };
}

/** The error of a route that takes no query parameters. */
export const UNKNOWN_PARAMETER = invalid('t', 'is unknown. The route takes no query parameters');
