import * as z from 'zod/mini';
import { Failure, NO_INPUT, type Route } from '../route.ts';
import { HealthReport } from './health.ts';

export const deepHealth = {
  ...NO_INPUT,
  method: 'GET',
  path: '/health/deep',
  lambda: 'health-deep',
  access: 'operator',
  summary: 'How the service stands, part by part',
  answers: {
    200: { description: 'Ok or degraded.', schema: HealthReport },
    503: {
      description: 'Failing: the report, as an error.',
      schema: z.extend(HealthReport, { error_code: Failure.shape.error_code, message: Failure.shape.message }),
    },
  },
  failures: {},
} as const satisfies Route;
