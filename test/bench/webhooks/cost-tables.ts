import { total } from '../cost/bill.ts';
import { delivered, endpointMonth, further, RECEIVER_MS } from '../cost/deliveries.ts';
import type { Table } from '../table.ts';
import { deliveryUnits, plus } from './units.ts';

const DEADLINE_MS = 15_000;

/** Units of a delivery. None where no Java was found to run DynamoDB Local. */
export async function unitTables(): Promise<readonly Table[]> {
  const units = await deliveryUnits();
  if (!units) return [];
  const { dispatch, success, earlyFailure, lateFailure, parked, upkeep } = units;
  return [
    {
      title: 'Units of a webhook delivery',
      notes: ['DynamoDB Local counts them, index writes included.'],
      columns: ['', 'write units', 'target', 'read units', 'requests'],
      rows: [
        ['a delivery that succeeds at once, its record included', plus(dispatch, success), '4'] as const,
        ['a failed attempt in the first 6 minutes', earlyFailure, '3'] as const,
        ['a failed attempt later', lateFailure, '3'] as const,
        ['parked and released, in addition', parked, ''] as const,
        ['an upkeep that finds nothing to do', upkeep, ''] as const,
      ].map(([name, taken, target]) => [name, taken.writeUnits, target, taken.readUnits, taken.requests]),
    },
  ];
}

/** Dollars of deliveries and of endpoints. None where no Java was found to run DynamoDB Local. */
export async function dollarTables(): Promise<readonly Table[]> {
  const units = await deliveryUnits();
  if (!units) return [];
  const { earlyFailure, lateFailure, parked } = units;
  const perMillion = (bill: Readonly<Record<string, number>>) =>
    [...Object.values(bill), total(bill)].map((dollars) => (1e6 * dollars).toFixed(2));
  return [
    {
      title: '$ for a million webhook deliveries',
      notes: [
        `From the units that the bench "webhooks" measures. Functions: 0.5 GB, arm64, 5 ms per request to DynamoDB; a receiver takes ${RECEIVER_MS} ms. The event itself is in "$ for a million announced versions". Data sent out is not counted.`,
      ],
      columns: ['', 'DynamoDB', 'Lambda', 'SQS', 'logs', 'total'],
      rows: [
        ['a delivery, of an event for 1 endpoint', ...perMillion(delivered(units, 1))],
        ['a delivery, of an event for 5 endpoints', ...perMillion(delivered(units, 5))],
        ['a failed attempt in the first 6 minutes', ...perMillion(further(earlyFailure, RECEIVER_MS))],
        ['a failed attempt later', ...perMillion(further(lateFailure, RECEIVER_MS))],
        ['an attempt that ends at the deadline of 15 s', ...perMillion(further(earlyFailure, DEADLINE_MS))],
        ['parked and released, in addition', ...perMillion(further(parked, 0))],
      ],
    },
    {
      title: '$ for a webhook endpoint and month, without events',
      notes: ['An upkeep every ten minutes.'],
      columns: ['DynamoDB', 'Lambda', 'SQS', 'logs', 'total'],
      rows: [[...Object.values(endpointMonth(units)), total(endpointMonth(units))].map((one) => one.toFixed(4))],
    },
  ];
}
