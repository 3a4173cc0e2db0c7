import { apiErrorOf } from '../../functions/runtime/rest/api-error.ts';

/** A use case's outcome as a caller of the API receives it: a refusal is an ApiError, with its status and code. */
export const answered = <T>(outcome: Promise<T>): Promise<T> =>
  outcome.catch((error: unknown) => {
    throw apiErrorOf(error) ?? error;
  });
