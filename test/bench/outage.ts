import { errorAnswer, UNUSABLE } from './outage/answers.ts';
import { simulateOutage } from './outage/simulate.ts';
import type { Bench } from './table.ts';

/** What AnyCheck is asked while it sends nothing usable, in virtual time. */
export const bench: Bench = async () => {
  const rows: (string | number)[][] = [];
  const answers = [...UNUSABLE, ['429', errorAnswer(429), ''] as const];
  for (const [name, answer] of answers) {
    const { calls, opened, budget, recoveredAfter } = await simulateOutage({ answer: () => answer });
    rows.push([
      name,
      calls(0, 10_000),
      calls(30_000, 40_000),
      calls(0, 40_000),
      opened[0] ?? (budget.pausedUntil > 0 ? 'paused' : 'closed'),
      recoveredAfter === undefined ? 'not within 60 s' : `${Math.round(recoveredAfter / 1000)} s`,
    ]);
  }
  return [
    {
      title:
        'Calls to AnyCheck while it sends nothing usable: 40 groups that are read and due, 5 calls a second allowed',
      notes: [
        'The service’s own reads, sweep, workers, rate limiter and circuit breaker over a store in memory, for an outage of 40 s.',
        'Each group is read with no-cache every 4 s. Recovered is the time until every group was listed again.',
      ],
      columns: ['AnyCheck’s answer', 'first 10 s', 'last 10 s', 'all 40 s', 'circuit', 'recovered after'],
      rows,
    },
  ];
};
