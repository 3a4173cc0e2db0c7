import type * as z from 'zod';
import { jsonReply, type Reply } from './reply.ts';

/** An invalid field of a request. */
export interface FieldError {
  field: string;
  message: string;
}

/** A refusal in AnyCheck's error shape. Handlers throw it, and `answered` turns it into HTTP. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];

  constructor(status: number, code: string, message: string, errors: FieldError[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** A reply in AnyCheck's error shape. `errors` is present only for invalid fields. */
export function errorReply(error: ApiError, headers: Record<string, string> = {}): Reply {
  const fields = error.errors.length > 0 ? { errors: error.errors } : {};
  const body = { error_code: error.code, message: error.message, ...fields };
  return jsonReply(error.status, body, headers);
}

/** Returns the answer, or the reply of the ApiError that it throws. Other errors propagate. */
export async function answered(answer: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof ApiError) return errorReply(error);
    throw error;
  }
}

export function invalidField(field: string, message: string): ApiError {
  return new ApiError(400, 'INVALID_REQUEST', `${field} ${message}`, [{ field, message }]);
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'NOT_FOUND', `${what} not found`);
}

/** Parses a request body. @throws ApiError INVALID_REQUEST with the invalid fields. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message }));
  throw new ApiError(400, 'INVALID_REQUEST', 'the request is not valid', errors);
}

/** Parses JSON text; an empty body counts as `{}`. @throws ApiError INVALID_REQUEST. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.trim() === '' ? '{}' : text);
  } catch {
    throw new ApiError(400, 'INVALID_REQUEST', 'the body is not JSON', [{ field: 'body', message: 'not JSON' }]);
  }
}
