import { ApiError } from './api-error.ts';

/** Returns the group that a call names. @throws ApiError 404 if it is undefined. */
export function orNotFound<T>(group: T | undefined): T {
  if (group === undefined) throw new ApiError(404, 'NOT_FOUND', 'This group is not tracked.');
  return group;
}
