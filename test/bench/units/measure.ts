import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { GROUPS_INDEX } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import type { Engine } from '../../fakes/engine.ts';
import type { Meter } from '../../fakes/metered.ts';
import { failed, itemsOf, newcomer, reviewed, signed } from '../items.ts';
import type { Contender, Layout } from './contender.ts';
import { storedBytes } from './stored-bytes.ts';

/** Of one piece of work. */
export interface Cost {
  readonly readRequests: number;
  readonly readUnits: number;
  readonly writeRequests: number;
  /** Those of indexes among them. */
  readonly writeUnits: number;
  /** Of them, for the index that lists groups by phase, which no rival has. */
  readonly listing: number;
}

export const REFRESHES = [
  'first fetch',
  'unchanged',
  'unchanged, links an hour old',
  'one status changed',
  'one inserted in front',
  'one inserted in the middle',
  'one inserted at the end',
  'all changed',
] as const;
type RefreshCase = (typeof REFRESHES)[number];

const PAGES = [10, 100];
export const READS = PAGES.flatMap((size) => [`${size} at 0`, `${size} in the middle`, `${size} at the end`]);

/** By what was done; what a row of DynamoDB is too small for is missing. */
export interface Measured {
  readonly refreshes: Readonly<Partial<Record<RefreshCase, Cost>>>;
  readonly reads: Readonly<Record<string, Cost>>;
  /** Bytes stored after each refresh, as DynamoDB counts them, expired rows included. */
  readonly bytes: Readonly<Partial<Record<RefreshCase, number>>>;
}

const RESULT = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

/** A group's items at each refresh, from the fetch before. */
const NEXT: Readonly<Record<RefreshCase, (texts: readonly string[]) => readonly string[]>> = {
  'first fetch': (texts) => texts,
  unchanged: (texts) => texts,
  'unchanged, links an hour old': (texts) => texts,
  'one status changed': (texts) => texts.with(texts.length >> 1, reviewed(texts[texts.length >> 1] ?? '')),
  'one inserted in front': (texts) => [newcomer(RESULT, 'front'), ...texts],
  'one inserted in the middle': (texts) => texts.toSpliced(texts.length >> 1, 0, newcomer(RESULT, 'middle')),
  'one inserted at the end': (texts) => [...texts, newcomer(RESULT, 'end')],
  'all changed': (texts) => texts.map(failed),
};

const costOf = ({ reads, writes }: Meter): Cost => ({
  readRequests: reads.requests,
  readUnits: reads.units,
  writeRequests: writes.requests,
  writeUnits: writes.units,
  listing: writes.indexes[GROUPS_INDEX] ?? 0,
});

/** Refreshes at a group of `size` items time and again and reads pages of it; every page that is read is checked. */
export async function measure(engine: Engine, count: () => Meter, layout: Layout, size: number): Promise<Measured> {
  const contender = await layout.start(engine, RESULT);
  const refreshes: Partial<Record<RefreshCase, Cost>> = {};
  const bytes: Partial<Record<RefreshCase, number>> = {};
  let reads: Record<string, Cost> = {};
  let texts: readonly string[] = itemsOf(RESULT, size);
  for (const [fetch, refresh] of REFRESHES.entries()) {
    texts = NEXT[refresh](texts);
    const fetched = { texts: signed(texts, fetch), renews: refresh === 'unchanged, links an hour old' };
    await contender.prepare?.(fetched);
    const meter = count();
    try {
      await contender.refresh(fetched);
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      return { refreshes, reads, bytes };
    }
    refreshes[refresh] = costOf(meter);
    if (refresh === 'first fetch') reads = await measureReads(contender, count, fetched.texts);
    await check(contender, texts);
    bytes[refresh] = await storedBytes(engine.client, contender.table);
  }
  return { refreshes, reads, bytes };
}

/** The engine's words for a row over 400 KB, and its status for a request over 16 MB. */
export const isTooLarge = (error: unknown) =>
  error instanceof DynamoDBServiceException &&
  (/Item size/.test(error.message) || error.$metadata.httpStatusCode === 413);

async function measureReads(contender: Contender, count: () => Meter, texts: readonly string[]) {
  const reads: Record<string, Cost> = {};
  for (const size of PAGES) {
    const middle = Math.floor(texts.length / 2 / size) * size;
    const end = Math.max(0, Math.floor((texts.length - 1) / size) * size);
    for (const [where, offset] of [
      ['at 0', 0],
      ['in the middle', middle],
      ['at the end', end],
    ] as const) {
      const meter = count();
      const page = await contender.read(offset, size);
      reads[`${size} ${where}`] = costOf(meter);
      if (page.join() !== texts.slice(offset, offset + size).join()) throw new Error('a page is not what was fetched');
    }
  }
  return reads;
}

const withoutLinks = (text: string) => text.replaceAll(/\?X-Expires[^"]*/g, '');

/** Whether a few pages hold what was fetched last, however old their links are. */
async function check(contender: Contender, texts: readonly string[]): Promise<void> {
  for (const offset of [0, texts.length >> 1, Math.max(0, texts.length - 10)]) {
    const page = await contender.read(offset, 10);
    const expected = texts.slice(offset, offset + 10);
    if (page.map(withoutLinks).join() !== expected.map(withoutLinks).join())
      throw new Error('what is served is not what was fetched');
  }
}
