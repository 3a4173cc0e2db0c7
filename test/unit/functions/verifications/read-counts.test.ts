import { expect, it } from 'vitest';
import { type ReadCounts, readCounts } from '../../../../functions/verifications/read-counts.ts';
import { printedLines } from '../../../fakes/printed.ts';

const lines = printedLines();

/** ms since the epoch. */
let now = Date.now();
/** A call that reads, with the report at its end. */
const read = ({ onRead, onServed, report }: ReadCounts, age: number, kind: 'hit' | 'miss' = 'hit') => {
  onRead(kind);
  onServed({ age, isCurrent: true });
  report();
};
const sum = (name: string) => lines.reduce((all, line) => all + Number(line[name] ?? 0), 0);
const ages = () => lines.flatMap(({ ServedAgeSeconds }) => ServedAgeSeconds);

it('a read that comes 10 s after the line before, or first of all, is reported at once', () => {
  const counts = readCounts(() => now);
  read(counts, 3);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ event: 'reads.counted', ReadHits: 1, ServedAgeSeconds: [3] });
  now += 10_000;
  read(counts, 0, 'miss');
  expect(lines[1]).toMatchObject({ ReadMisses: 1, ServedAgeSeconds: [0] });
  expect(lines[1]).not.toHaveProperty('ReadHits');
});

it('one line reports many reads, at most a hundred, and each read once', () => {
  const counts = readCounts(() => now);
  for (let age = 0; age < 1_000; age++) read(counts, age);
  // What the last hundred lacks by the first one's own line.
  expect(lines).toHaveLength(10);
  expect(ages()).toHaveLength(901);
  now += 10_000;
  read(counts, 1_000);
  expect(ages()).toEqual(Array.from({ length: 1_001 }, (_, age) => age));
  expect(sum('ReadHits')).toBe(1_001);
  for (const { ServedAgeSeconds } of lines) expect(Array(ServedAgeSeconds).flat().length).toBeLessThanOrEqual(100);
});

it('a read that ends without a current snapshot is reported as well', () => {
  const counts = readCounts(() => now);
  counts.onRead('miss');
  counts.report();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ event: 'reads.counted', ReadMisses: 1 });
  expect(lines[0]).not.toHaveProperty('ServedAgeSeconds');
  now += 10_000;
  counts.onRead('hit');
  counts.onServed({ age: 5, isCurrent: false });
  counts.report();
  expect(lines[1]).toMatchObject({ ReadHits: 1 });
  expect(lines[1]).not.toHaveProperty('ServedAgeSeconds');
});

it('where nothing was read, nothing is reported', () => {
  readCounts(() => now).report();
  expect(lines).toEqual([]);
});
