import { http } from '../runtime/http.ts';
import { ApiError } from '../runtime/rest/api-error.ts';

export const handler = http(async () => {
  throw new ApiError(404, 'NOT_FOUND', 'This path does not exist, or it does not support this method.');
});
