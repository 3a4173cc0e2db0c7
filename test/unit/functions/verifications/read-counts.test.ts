import { expect, it } from 'vitest';
import { readCounts } from '../../../../functions/verifications/read-counts.ts';
import { printedLines } from '../../../fakes/printed.ts';

const lines = printedLines();

/** ms since the epoch. */
let now = Date.now();
const read = async ({ onRead, telling }: ReturnType<typeof readCounts>, age: number, kind: 'hit' | 'miss' = 'hit') => {
  onRead(kind);
  await telling(Promise.resolve({ age, isCurrent: true }));
};
const sum = (name: string) => lines.reduce((all, line) => all + Number(line[name] ?? 0), 0);
const ages = () => lines.flatMap(({ ServedAgeSeconds }) => ServedAgeSeconds);

it('a read that comes 10 s after the line before, or first of all, is told of at once', async () => {
  const counts = readCounts(() => now);
  await read(counts, 3);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ event: 'reads.counted', ReadHits: 1, ServedAgeSeconds: [3] });
  now += 10_000;
  await read(counts, 0, 'miss');
  expect(lines[1]).toMatchObject({ ReadMisses: 1, ServedAgeSeconds: [0] });
  expect(lines[1]).not.toHaveProperty('ReadHits');
});

it('of many reads one line tells, by the hundred at most, and of each once', async () => {
  const counts = readCounts(() => now);
  for (let age = 0; age < 1_000; age++) await read(counts, age);
  // What the last hundred lacks by the first one's own line.
  expect(lines).toHaveLength(10);
  expect(ages()).toHaveLength(901);
  now += 10_000;
  await read(counts, 1_000);
  expect(ages()).toEqual(Array.from({ length: 1_001 }, (_, age) => age));
  expect(sum('ReadHits')).toBe(1_001);
  for (const { ServedAgeSeconds } of lines) expect(Array(ServedAgeSeconds).flat().length).toBeLessThanOrEqual(100);
});

it('a read that ends without a current snapshot is told of as well', async () => {
  const counts = readCounts(() => now);
  counts.onRead('miss');
  const failed = new Error('503');
  await expect(counts.telling(Promise.reject(failed))).rejects.toBe(failed);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ event: 'reads.counted', ReadMisses: 1 });
  expect(lines[0]).not.toHaveProperty('ServedAgeSeconds');
  now += 10_000;
  counts.onRead('hit');
  await counts.telling(Promise.resolve({ age: 5, isCurrent: false }));
  expect(lines[1]).toMatchObject({ ReadHits: 1 });
  expect(lines[1]).not.toHaveProperty('ServedAgeSeconds');
});

it('where nothing was read, nothing is told', async () => {
  const counts = readCounts(() => now);
  await expect(counts.telling(Promise.reject(new Error('404')))).rejects.toThrow('404');
  expect(lines).toEqual([]);
});
