import * as z from 'zod';
import { race } from './cpu/race.ts';
import { bodyOf, fetchedItems } from './items.ts';
import { type Bench, median, spread } from './table.ts';

/** What AnyCheck's answers take to become rows: CPU, and room. */

const OPTIONS = { rounds: 15, roundMs: 100, warmUp: 800 };
const MODULE = new URL('./ingest/contend.ts', import.meta.url).href;
const RESULT_ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const PAGE = 100;
const SIZES = [10, 100, 1_000];

const CONTENDERS = [
  ['rowEach', 'JSON.parse, zod, a row for each verification'],
  ['published', 'this service: first look, all rows'],
  ['unchanged', 'this service: a look that finds nothing new'],
] as const;

export const bench: Bench = async () => {
  const runs = SIZES.flatMap((size) => {
    const items = fetchedItems(RESULT_ID, size);
    const bodies = Array.from({ length: Math.ceil(size / PAGE) }, (_, i) =>
      bodyOf(items.slice(i * PAGE, (i + 1) * PAGE), size),
    );
    return CONTENDERS.map(([name]) => ({ name, size, module: MODULE, input: { resultId: RESULT_ID, bodies } }));
  });
  const raced = await race(runs, OPTIONS);
  const of = (contender: string, items: number) => {
    const i = runs.findIndex(({ name, size }) => name === contender && size === items);
    const { micros = [], outcome } = raced[i] ?? {};
    return { each: micros.map((one) => one / items), bytes: z.number().parse(outcome) / items };
  };
  return [
    {
      title: 'Ingest: from AnyCheck’s answer to marshalled rows',
      notes: [
        'CPU µs for each item, median and half of the turns around it; then bytes of DynamoDB for each item, and its share of the row for each.',
        'A group of several pages is read twice at the first look: two equal passes are a snapshot, one is none.',
        'The row for each verification lacks one consistent list, history, due time, and digits that a double doesn’t hold.',
      ],
      columns: ['', ...SIZES.map((size) => `${size} items, CPU`), ...SIZES.map((size) => `${size} items, bytes`)],
      rows: CONTENDERS.map(([name, label]) => [
        label,
        ...SIZES.map((size) => {
          const { each } = of(name, size);
          return `${spread(each)}, ${(median(each) / median(of('rowEach', size).each)).toFixed(2)}`;
        }),
        ...SIZES.map((size) => {
          const { bytes } = of(name, size);
          return bytes === 0 ? '' : `${bytes.toFixed(0)}, ${(bytes / of('rowEach', size).bytes).toFixed(2)}`;
        }),
      ]),
    },
  ];
};
