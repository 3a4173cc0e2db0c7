import * as z from 'zod/mini';
import { NO_INPUT, type Route, UNKNOWN_PARAMETER } from '../route.ts';
import { ROLES } from '../runtime/access/role.ts';

export const whoami = {
  ...NO_INPUT,
  method: 'GET',
  path: '/whoami',
  lambda: 'whoami',
  access: 'viewer',
  summary: 'Returns who the caller is, and the role of the caller',
  answers: {
    200: {
      description: 'The caller, from the token.',
      schema: z
        .object({
          who: z.string().check(z.meta({ description: 'The subject of the token, as audit lines name it.' })),
          role: z.enum(ROLES).check(z.meta({ description: 'The highest role. It includes the lower ones.' })),
          is_person: z
            .boolean()
            .check(z.meta({ description: 'Whether the caller may call the routes that are for people alone.' })),
        })
        .check(z.meta({ id: 'WhoAmI' })),
    },
  },
  failures: { 400: UNKNOWN_PARAMETER },
} as const satisfies Route;
