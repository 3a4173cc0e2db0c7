import * as z from 'zod/mini';
import { FOR_ANYBODY, NO_INPUT, type Route } from '../route.ts';

export const health = {
  ...NO_INPUT,
  method: 'GET',
  path: '/health',
  lambda: 'health',
  ...FOR_ANYBODY,
  summary: 'Whether the service answers',
  answers: { 200: { description: 'It does, and can read its table.', schema: z.object({ status: z.literal('ok') }) } },
  failures: { 503: 'The table can’t be read, or not within two seconds.' },
} as const satisfies Route;
