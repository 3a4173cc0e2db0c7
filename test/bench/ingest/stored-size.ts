import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Row } from './marshalled.ts';

/** Bytes of a container, and of each of its members, beside their names and values. */
const CONTAINER = 3;
const MEMBER = 1;

/**
 * Bytes that DynamoDB stores of a row, as it counts them:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const storedSize = (row: Row): number =>
  sum(Object.entries(row).map(([name, value]) => Buffer.byteLength(name) + valueSize(value)));

function valueSize({ S, N, B, BOOL, NULL, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return numberSize(N);
  if (B !== undefined) return B.byteLength;
  if (BOOL !== undefined || NULL !== undefined) return 1;
  if (L !== undefined) return CONTAINER + sum(L.map((value) => MEMBER + valueSize(value)));
  if (M !== undefined) return CONTAINER + MEMBER * Object.keys(M).length + storedSize(M);
  throw new Error('no row here has sets');
}

/** A byte for two significant digits, one more for all of it, and one for a sign. */
function numberSize(text: string): number {
  const digits = text
    .replace(/e.*$/i, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
