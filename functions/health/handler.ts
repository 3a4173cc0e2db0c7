import { api, endpoint } from '../runtime/api.ts';
import { health } from './routes.ts';

export const handler = api([endpoint(health, async () => ({ status: 200, body: '{"status":"ok"}' }))]);
