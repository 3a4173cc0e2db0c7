import { type ListDeps, listVerifications } from '../../../functions/domain/read/list-verifications.ts';
import { refreshDue } from '../../../functions/domain/refresh/refresh-due.ts';
import { parseListRequest } from '../../../functions/verifications/list-query.ts';
import { startService } from '../../fakes/service.ts';
import { type Layout, OVERALL } from './contender.ts';

const HOUR = 3_600_000;

/** The use cases and the store of the deployed functions. */
export const ours: Layout = {
  name: 'this service',
  lacks: [],
  async start(engine, resultId) {
    const service = await startService(engine);
    const deps: ListDeps = {
      ...service.deps,
      queue: { enqueue: async () => {} },
      freshSeconds: { active: 1e9, waiting: 1e9, settled: 1e9 },
      onRead: () => {},
      onRefresh: () => {},
      onQueueFault: () => {},
    };
    const { signal } = new AbortController();
    let due: number | undefined;

    return {
      table: service.table,
      async prepare({ renews }) {
        const { schedule } = await service.bare.read(resultId);
        due = schedule?.due;
        service.clock.now = Math.max(service.clock.now, due ?? 0) + (renews ? HOUR : 0);
      },
      async refresh({ texts }) {
        service.anycheck.groups.set(resultId, { overall: OVERALL, items: [...texts] });
        if (due === undefined) {
          due = service.clock.now + 1000;
          await service.bare.claim(resultId, undefined, service.clock.now, due);
          service.clock.now = due;
        }
        const result = await refreshDue(service.deps, { resultId, due, deliveries: 1 }, signal);
        if (!['published', 'revised', 'unchanged'].includes(result.kind))
          throw new Error(`a refresh was ${result.kind}`);
      },
      async read(offset, size) {
        const request = parseListRequest(`result_id=${resultId}&page_offset=${offset}&page_size=${size}`, '');
        return (await listVerifications(deps, request, () => signal)).items();
      },
    };
  },
};
