import type { Measured } from '../units/measure.ts';
import { DAYS, type Refreshes } from './life.ts';
import { VIRGINIA } from './prices.ts';

/** Dollars by what they are paid for. */
export type Bill = Readonly<Record<string, number>>;

export const total = (bill: Bill): number => Object.values(bill).reduce((sum, one) => sum + one, 0);

/** Of a hundred groups, how many have so many items. */
export const MIX: readonly { readonly items: number; readonly share: number }[] = [
  { items: 1, share: 0.6 },
  { items: 10, share: 0.35 },
  { items: 100, share: 0.05 },
];

/** Measured, by size. */
export type Units = (items: number) => Measured;

const GB = 1e9;
/** Days of a month. */
export const MONTH = 365.25 / 12;
/** ms: a request to DynamoDB, an AnyCheck answer with 100 items, and a function's own work. */
export const DYNAMODB = 5;
const ANYCHECK = 300;
export const OWN = 3;
/** Items of an answer of AnyCheck's; rows written at once. */
const PAGE = 100;
const AT_ONCE = 16;
/** GB of a function that reads or refreshes. */
const MEMORY = 1;
/**
 * Bytes of a log: the three lines that Lambda writes of an invocation, the gateway's, the audit line, the line of a
 * refresh.
 */
export const LINES = { invocation: 330, access: 300, audit: 260, refresh: 450 };
/** Audit lines that the forwarder (a quarter of a GB, 50 ms) is handed at once; CloudWatch writes them into the log anew. */
const FORWARDED = 10;
/** Bytes of the two indexes' entries. */
const INDEXED = 500;

export const lambda = (ms: number, memory = MEMORY, dollars = VIRGINIA) =>
  dollars('lambdaRequest') + (ms / 1000) * memory * dollars('lambdaSecond');
export const logged = (bytes: number, dollars = VIRGINIA) => (bytes / GB) * dollars('logs');

function mixed(bill: (items: number) => Bill): Bill {
  const sum: Record<string, number> = {};
  for (const { items, share } of MIX) {
    for (const [name, one] of Object.entries(bill(items))) sum[name] = (sum[name] ?? 0) + share * one;
  }
  return sum;
}

/** One read of 10 items in the middle of a group, of the mix. */
export const read = (units: Units, dollars = VIRGINIA): Bill =>
  mixed((items) => {
    const cost = units(items).reads['10 in the middle'];
    if (!cost) throw new Error('every layout was read');
    return {
      DynamoDB: cost.readUnits * dollars('readUnit'),
      Lambda: lambda(OWN + cost.readRequests * DYNAMODB, MEMORY, dollars) + lambda(50, 0.25, dollars) / FORWARDED,
      'API Gateway': dollars('gateway'),
      Logs: logged(LINES.invocation + LINES.access + 2 * LINES.audit, dollars),
    };
  });

/** One day of a group's first 30, of the mix, without reads. */
export const groupDay = (units: Units, refreshes: Refreshes, dollars = VIRGINIA): Bill =>
  mixed((items) => {
    const measured = units(items);
    const pages = Math.ceil(items / PAGE);
    const kinds = Object.entries(refreshes);
    const sum = (one: (kind: string) => number) =>
      kinds.reduce((all, [kind, times]) => all + times * one(kind), 0) / DAYS;
    const costOf = (kind: string) => {
      const cost = Object.entries(measured.refreshes).find(([name]) => name === kind)?.[1];
      if (!cost) throw new Error(`every layout had its refresh "${kind}"`);
      return cost;
    };
    // A group of several pages that changed is fetched twice.
    const calls = (kind: string) => (pages > 1 && kind.endsWith('changed') ? 2 * pages : pages);
    return {
      'DynamoDB, writes': sum((kind) => costOf(kind).writeUnits - costOf(kind).listing) * dollars('writeUnit'),
      'DynamoDB, list of groups': sum((kind) => costOf(kind).listing) * dollars('writeUnit'),
      'DynamoDB, reads': sum((kind) => costOf(kind).readUnits) * dollars('readUnit'),
      // Every call to AnyCheck acquires a slot from the budget's row.
      'Shared rows': sum(calls) * dollars('writeUnit'),
      Storage: (storedBytes(measured, refreshes) / GB / MONTH) * (dollars('storage') + dollars('backup')),
      Lambda: sum((kind) => {
        const { readRequests, writeRequests } = costOf(kind);
        return lambda(
          OWN +
            calls(kind) * ANYCHECK +
            (readRequests + Math.min(writeRequests, 8 + writeRequests / AT_ONCE)) * DYNAMODB,
          MEMORY,
          dollars,
        );
      }),
      // Sent by tens, received and deleted alone.
      Queue: sum(() => 2.1) * dollars('queue'),
      Logs: sum(() => logged(LINES.invocation + LINES.refresh, dollars)),
    };
  });

/** Bytes of a group at its end: its last version, and earlier ones within their retention. */
function storedBytes({ bytes }: Measured, refreshes: Refreshes): number {
  const [first = 0, renewed = 0, one = 0] = [
    bytes['first fetch'],
    bytes['unchanged, links an hour old'],
    bytes['one status changed'],
  ];
  const [before = 0, all = 0] = [bytes['one inserted at the end'], bytes['all changed']];
  return (
    first + refreshes['one status changed'] * (one - renewed) + refreshes['all changed'] * (all - before) + INDEXED
  );
}
