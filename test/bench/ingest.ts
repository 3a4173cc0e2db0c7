import * as z from 'zod';
import { race } from './cpu/race.ts';
import { bodyOf, fetchedItems } from './items.ts';
import { type Bench, median, spread } from './table.ts';

/** CPU and bytes from AnyCheck's answers to rows. */

const OPTIONS = { rounds: 15, roundMs: 100, warmUp: 800 };
const MODULE = new URL('./ingest/contend.ts', import.meta.url).href;
const RESULT_ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const PAGE = 100;
const SIZES = [10, 100, 1_000];

const CONTENDERS = [
  ['rowEach', 'JSON.parse, zod, one row per verification'],
  ['published', 'this service: first refresh, all rows'],
  ['unchanged', 'this service: a refresh without change'],
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
        'CPU µs per item: median [quartile to quartile], ratio to one row per verification. Then DynamoDB bytes per item, with the same ratio.',
        'The first refresh fetches a group of several pages twice, because only two equal fetches are a snapshot.',
        'One row per verification has no consistent list, no history and no due time, and loses digits that a double does not hold.',
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
