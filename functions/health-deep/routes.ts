import { HealthReport } from '../domain/health.ts';
import { Failure, NO_INPUT, type Route } from '../route.ts';

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
      schema: HealthReport.extend(Failure.pick({ error_code: true, message: true }).shape),
    },
  },
  failures: {},
} as const satisfies Route;
