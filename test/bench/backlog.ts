import { backlogUnder, GROUPS, LIMIT, type Measured, type Run, SECONDS, usualBacklog } from './backlog/measure.ts';
import { type Bench, median } from './table.ts';
import { percent } from './upstream/words.ts';

const DEARER: readonly Run[] = [
  { share: 1, announced: true },
  { share: 0.5, announced: false },
];

const FIGURES: Readonly<Record<string, (measured: Measured) => string | number>> = {
  [`calls in ${SECONDS} s`]: ({ calls }) => calls,
  'share used': ({ calls, allowed }) => percent(calls / allowed),
  refused: ({ calls, refused }) => percent(refused / calls),
  'groups looked at': ({ order }) => `${order.length} of ${GROUPS}`,
  // Nobody starves: every group is looked at, in about the order in which it was due.
  'overtaken by at most': ({ order }) => Math.max(...order.map((place, i) => i - place)),
  'all after': ({ all }) => `${Math.round(all / 1000)} s`,
  'unknown group read in': ({ waits }) => `${median(waits)} ms (most ${waits.at(-1)})`,
  'answered 503': ({ answered503 }) => answered503,
};

/** How much the service uses of what AnyCheck lets in. One run takes more than two minutes. */
export const bench: Bench = async ({ full }) => {
  const columns = [{ name: `${LIMIT}/s announced, share 0.5`, measured: await usualBacklog() }];
  for (const run of full ? DEARER : []) {
    const name = run.announced ? `${LIMIT}/s announced, share ${run.share}` : `${LIMIT}/s not announced`;
    columns.push({ name, measured: await backlogUnder(run) });
  }
  return [
    {
      title: `A backlog of ${GROUPS} groups, against an AnyCheck that lets in ${LIMIT} calls a second`,
      notes: [`The whole local stack for ${SECONDS} s, and a reader of unknown groups beside it.`],
      columns: ['', ...columns.map(({ name }) => name)],
      rows: Object.entries(FIGURES).map(([name, figure]) => [name, ...columns.map(({ measured }) => figure(measured))]),
    },
  ];
};
