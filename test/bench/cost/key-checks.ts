import type { Table } from '../table.ts';
import { DYNAMODB, LINES, lambda, logged, OWN } from './bill.ts';
import { VIRGINIA } from './prices.ts';

/** Calls of one key in a minute. */
const RATES = [1 / 60, 1, 10, 100, 1000];
/** Minutes for which a key's record, or an authorizer's answer, is kept. */
const CACHE_MINUTES = 1;
/** GB of an authorizer. */
const AUTHORIZER = 0.25;
/** A strongly consistent read of a row below 4 KB. */
const READ_UNITS = 1;

/** Dollars of a miss: the row, and a wait for it. */
const row = READ_UNITS * VIRGINIA('readUnit');
const inFunction = row + (lambda(DYNAMODB) - VIRGINIA('lambdaRequest'));
const byAuthorizer = row + lambda(OWN + DYNAMODB, AUTHORIZER) + logged(LINES.invocation);

/** What the check of an API key costs inside the function that answers, and in a Lambda authorizer in front of it. */
export function keyChecks(): Table {
  const cell = (share: number, dollars: number) => (1e6 * share * dollars).toFixed(3);
  return {
    title: '$ for the checks of a million calls with an API key',
    notes: [
      `Calls of one key, evenly spread. Both keep what they know for ${60 * CACHE_MINUTES} s: each function instance, or API Gateway for all. A miss in the function ` +
        'reads a row while the function waits. A miss of an authorizer invokes a function of 256 MB, which reads the row and logs. A token costs nothing, and a wrong key is a miss in both.',
    ],
    columns: ['calls a minute', 'in the function, 1 instance', 'in the function, 5 instances', 'Lambda authorizer'],
    rows: RATES.map((rate) => {
      const misses = (instances: number) => Math.min(1, instances / (rate * CACHE_MINUTES));
      return [
        +rate.toPrecision(2),
        cell(misses(1), inFunction),
        cell(misses(5), inFunction),
        cell(misses(1), byAuthorizer),
      ];
    }),
  };
}
