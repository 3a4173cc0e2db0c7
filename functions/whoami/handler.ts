import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { json } from '../runtime/rest/json.ts';
import { Env } from './env.ts';
import { whoami } from './routes.ts';

export const handler = api(
  [
    endpoint(whoami, async ({ caller: { kind, who, role } }) => {
      if (!role) throw new Error('the role is checked before');
      return json(whoami, 200, { who, role, is_person: kind === 'person' });
    }),
  ],
  parseEnv(Env),
);
