import { templateOf } from '../../fakes/template.ts';
import type { Bill } from './bill.ts';
import { PRICES } from './prices.ts';

const SWEEPS = 30.4 * 24 * 60;
/** Metrics per function that the service emits every day. */
const METRICS = 26;
/** Functions that hold a secret, or a connection to DynamoDB, all month, at a few calls a second. */
const ENVIRONMENTS = 5;
const SHARDS = 8;
/** Lambda polls each of two empty queues over five connections, each waiting for 20 s. */
const EMPTY_ANSWERS = (2 * 5 * 60) / 20;

/** Metrics that the template's alarms watch. */
function alarmMetrics(): number {
  const alarms = Object.values(templateOf().findResources('AWS::CloudWatch::Alarm'));
  return alarms.reduce((sum, { Properties: { Metrics } }) => {
    const metrics: unknown[] = Array.isArray(Metrics) ? Metrics : [{ MetricStat: {} }];
    return sum + metrics.filter((one) => typeof one === 'object' && one !== null && 'MetricStat' in one).length;
  }, 0);
}

/** Dollars a month without a single group. */
export const fixed = (): Bill => ({
  Sweeps:
    SWEEPS *
    (PRICES.scheduler.dollars +
      PRICES.lambdaRequest.dollars +
      0.1 * 0.5 * PRICES.lambdaSecond.dollars +
      (SHARDS * 0.5 + 1) * PRICES.readUnit.dollars +
      PRICES.writeUnit.dollars),
  'Empty queue': SWEEPS * EMPTY_ANSWERS * PRICES.queue.dollars,
  'Alarms and metrics': alarmMetrics() * PRICES.alarm.dollars + METRICS * PRICES.metric.dollars,
  Dashboard: PRICES.dashboard.dollars,
  // A secret is read again after a minute, and decrypted by KMS; DynamoDB requests its key from KMS every five minutes.
  Secrets: 2 * PRICES.secret.dollars + ENVIRONMENTS * SWEEPS * (PRICES.secretCall.dollars + PRICES.key.dollars),
  'Table’s key': ENVIRONMENTS * (SWEEPS / 5) * PRICES.key.dollars,
});
