import { templateOf } from '../../fakes/template.ts';
import type { Bill } from './bill.ts';
import type { Dollars } from './prices.ts';

const SWEEPS = 30.4 * 24 * 60;
/** Metrics per function that the service emits every day. */
const METRICS = 28;
/** Functions that hold a secret, or a connection to DynamoDB, all month, at a few calls a second. */
const ENVIRONMENTS = 5;
/** Queries of a sweep: of due groups, of due deliveries, of endpoints, and of API keys. */
const QUERIES = 18;
/** Lambda polls each of four empty queues over five connections, each waiting for 20 s. */
const EMPTY_ANSWERS = (4 * 5 * 60) / 20;

/** Metrics that the template's alarms watch. */
function alarmMetrics(): number {
  const alarms = Object.values(templateOf().findResources('AWS::CloudWatch::Alarm'));
  return alarms.reduce((sum, { Properties: { Metrics } }) => {
    const metrics: unknown[] = Array.isArray(Metrics) ? Metrics : [{ MetricStat: {} }];
    return sum + metrics.filter((one) => typeof one === 'object' && one !== null && 'MetricStat' in one).length;
  }, 0);
}

/** Dollars a month without a single group. */
export const fixed = (dollars: Dollars): Bill => ({
  Sweeps:
    SWEEPS *
    (dollars('scheduler') +
      dollars('lambdaRequest') +
      0.1 * 0.5 * dollars('lambdaSecond') +
      (QUERIES * 0.5 + 1) * dollars('readUnit') +
      dollars('writeUnit')),
  'Empty queues': SWEEPS * EMPTY_ANSWERS * dollars('queue'),
  'Alarms and metrics': alarmMetrics() * dollars('alarm') + METRICS * dollars('metric'),
  Dashboard: dollars('dashboard'),
  // A secret is read again after a minute, and decrypted by KMS; DynamoDB requests its key from KMS every five minutes.
  Secrets: 3 * dollars('secret') + ENVIRONMENTS * SWEEPS * (dollars('secretCall') + dollars('key')),
  'Table’s key': ENVIRONMENTS * (SWEEPS / 5) * dollars('key'),
});
