import { describe, expect, it } from 'vitest';
import { contend } from '../../bench/ingest/contend.ts';
import { bodyOf, fetchedItems } from '../../bench/items.ts';

const RESULT_ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const PAGE = 100;

async function bytesEach(name: string, count: number): Promise<number> {
  const items = fetchedItems(RESULT_ID, count);
  const bodies = Array.from({ length: Math.ceil(count / PAGE) }, (_, i) =>
    bodyOf(items.slice(i * PAGE, (i + 1) * PAGE), count),
  );
  const { outcome } = await contend(name, { resultId: RESULT_ID, bodies });
  return Number(outcome) / count;
}

describe('what a group takes in DynamoDB', () => {
  it.each([
    [10, 0.3],
    [100, 0.2],
    [1_000, 0.2],
  ])('is, for %i verifications, less than %f of a row for each', async (count, share) => {
    expect(await bytesEach('published', count)).toBeLessThan(share * (await bytesEach('rowEach', count)));
  });
});
