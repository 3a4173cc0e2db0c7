import { useRef, useState } from 'preact/hooks';
import type { CallError } from '../../../api/call-error.ts';
import { useLoad } from '../../../api/use-load.ts';
import { type Task, useTask } from '../../../api/use-task.ts';
import { useApp } from '../../../app-context.ts';
import type { Delivery } from '../types.ts';
import { type DeliveryPages, readDeliveries } from './delivery-pages.ts';
import type { Filter } from './filter.ts';

interface Shown {
  /** Undefined before the first answer. */
  readonly deliveries: readonly Delivery[] | undefined;
  readonly error: CallError | undefined;
  /** Loads as many as are shown, anew. */
  readonly reload: () => Promise<void>;
  /** Loads the next page; undefined at the end of the list. */
  readonly more: Task<[]> | undefined;
}

/** Lists the deliveries to an endpoint. Nothing is loaded by itself afterwards, so the rows stay where they are. */
export function useDeliveries(endpointId: string, filter: Filter): Shown {
  const { client } = useApp();
  const key = JSON.stringify([endpointId, filter]);
  const needed = useRef({ key, count: 1 });
  const { data, error, reload } = useLoad(key, (signal) => {
    const count = needed.current.key === key ? needed.current.count : 1;
    return readDeliveries(client, endpointId, filter, { count }, { signal });
  });
  const [longer, setLonger] = useState<{ base: DeliveryPages; pages: DeliveryPages } | undefined>();
  const pages = data && longer?.base === data ? longer.pages : data;
  needed.current = { key, count: Math.max(1, pages?.deliveries.length ?? 1) };

  const more = useTask(async () => {
    if (!data || !pages || pages.cursor === null) return;
    const next = await readDeliveries(client, endpointId, filter, { count: 1, cursor: pages.cursor });
    const deliveries = [...pages.deliveries, ...next.deliveries];
    setLonger({ base: data, pages: { deliveries, cursor: next.cursor } });
  });
  return { deliveries: pages?.deliveries, error, reload, more: pages && pages.cursor !== null ? more : undefined };
}
