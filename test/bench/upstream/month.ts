import { lazy } from '../../../functions/domain/lazy.ts';
import { type Figures, figures } from './figures.ts';
import { DAYS, type Group, population } from './population.ts';
import { polling, returning, watching } from './reader.ts';
import { everyMinute, untilOver, webhooksAlone } from './rivals.ts';
import type { Served } from './served.ts';
import { type Mode, simulate } from './simulate.ts';

export const GROUPS = 10_000;
/** Every n-th group is read: what reads cost is the simulation's time. */
export const WATCHED = 5;
export const POLLED = 40;

/** What came of a month of a way of following groups. */
export interface Result {
  readonly name: string;
  readonly groups: readonly Group[];
  readonly calls: number;
  readonly figures: Figures;
  /** Calls of the busiest minute, where it was counted. */
  readonly busiest?: number;
}

/** The month of every way, simulated once however many tables are made of it. */
export const month = lazy(async () => {
  const groups = population(GROUPS, 'a month');
  const result = (name: string, of: readonly Group[], run: { calls: number; served: Served; busiest?: number }) => ({
    ...run,
    name,
    groups: of,
    figures: figures(of, run.served),
  });
  const oursOf = async (name: string, some: readonly Group[], mode: Mode): Promise<Result> =>
    result(name, some, await simulate(some, mode));
  const ours = (name: string, every: number, mode: Mode) =>
    oursOf(
      name,
      groups.filter((_, i) => i % every === 0),
      mode,
    );
  return {
    always: result(`a poller: every group, every minute, ${DAYS} days`, groups, everyMinute(groups)),
    untilOver: result('a poller: every minute until COMPLETED, FAILED or CANCELLED', groups, untilOver(groups)),
    webhooksAlone: result('webhooks alone, 1 % lost', groups, webhooksAlone(groups)),
    unread: await ours('this service, unread, no webhooks', 1, { webhooks: false }),
    withWebhooks: await ours('this service, unread, webhooks, 1 % lost', 1, { webhooks: true }),
    early: await ours('this service, unread, webhooks 5 s before the list shows the change', 1, {
      webhooks: true,
      lagMs: 5_500,
    }),
    watched: await ours('this service, read by a watcher', WATCHED, { webhooks: false, habit: watching }),
    polled: await ours('this service, read every minute until final', POLLED, { webhooks: false, habit: polling }),
    returned: await oursOf(
      'this service, reopened groups, read 20 times a day',
      groups.filter(({ reopened }) => reopened !== undefined),
      { webhooks: false, habit: returning },
    ),
  } satisfies Record<string, Result>;
});
