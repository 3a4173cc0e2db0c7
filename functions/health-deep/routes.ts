import * as z from 'zod/mini';
import { Failure, NO_INPUT, type Route, UNKNOWN_PARAMETER } from '../route.ts';
import { HealthReport } from './health.ts';

export const deepHealth = {
  ...NO_INPUT,
  method: 'GET',
  path: '/health/deep',
  lambda: 'health-deep',
  access: 'operator',
  summary: 'Returns the health of the service, part by part',
  answers: {
    200: { description: 'The report of a service that is ok or degraded.', schema: HealthReport },
    503: {
      description:
        'INTERNAL_SERVER_ERROR: The service is failing. The body is the report, with error_code and message.',
      schema: z
        .object({ ...HealthReport.shape, error_code: Failure.shape.error_code, message: Failure.shape.message })
        .check(z.meta({ id: 'FailingHealthReport' })),
    },
  },
  failures: { 400: UNKNOWN_PARAMETER },
} as const satisfies Route;
