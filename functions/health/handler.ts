import { http } from '../runtime/http.ts';

export const handler = http(async () => ({ status: 200, body: '{"status":"ok"}' }));
