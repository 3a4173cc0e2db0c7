import { ApiError } from './api-error.ts';

/** What a call is about. @throws ApiError 404 where there is nothing. */
export function orNotFound<T>(group: T | undefined): T {
  if (group === undefined) throw new ApiError(404, 'NOT_FOUND', 'Nobody follows this group.');
  return group;
}
