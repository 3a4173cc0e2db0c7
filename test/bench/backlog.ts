import { backlogUnder, GROUPS, LIMIT, type Measured, type Run, SECONDS, usualBacklog } from './backlog/measure.ts';
import { type Bench, median } from './table.ts';
import { percent } from './upstream/words.ts';

const DEARER: readonly Run[] = [
  { share: 1, announced: true },
  { share: 0.5, announced: false },
];

const FIGURES: Readonly<Record<string, (measured: Measured) => string | number>> = {
  [`calls in ${SECONDS} s`]: ({ calls }) => calls,
  'share of the budget used': ({ calls, allowed }) => percent(calls / allowed),
  'calls refused': ({ calls, refused }) => percent(refused / calls),
  'groups refreshed': ({ order }) => `${order.length} of ${GROUPS}`,
  // No group starves: each is refreshed, in about the order of the due times.
  'places overtaken, at most': ({ order }) => Math.max(...order.map((place, i) => i - place)),
  'all refreshed after': ({ all }) => `${Math.round(all / 1000)} s`,
  'read of an unknown group': ({ waits }) => `${median(waits)} ms (longest ${waits.at(-1)})`,
  'readers answered 503': ({ answered503 }) => answered503,
};

/** The share of AnyCheck's limit that the service uses. One run takes more than two minutes. */
export const bench: Bench = async ({ full }) => {
  const columns = [{ name: `${LIMIT}/s announced, share 0.5`, measured: await usualBacklog() }];
  for (const run of full ? DEARER : []) {
    const name = run.announced ? `${LIMIT}/s announced, share ${run.share}` : `${LIMIT}/s not announced`;
    columns.push({ name, measured: await backlogUnder(run) });
  }
  return [
    {
      title: `A backlog of ${GROUPS} groups, at an AnyCheck limit of ${LIMIT} calls a second`,
      notes: [`The whole local stack for ${SECONDS} s, with a reader of unknown groups in parallel.`],
      columns: ['', ...columns.map(({ name }) => name)],
      rows: Object.entries(FIGURES).map(([name, figure]) => [name, ...columns.map(({ measured }) => figure(measured))]),
    },
  ];
};
