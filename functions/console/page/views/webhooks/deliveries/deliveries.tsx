import { useState } from 'preact/hooks';
import { useTask } from '../../../api/use-task.ts';
import { useApp } from '../../../app-context.ts';
import { Button } from '../../../parts/button.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Link } from '../../../parts/link.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { State } from '../../../parts/status.tsx';
import { type Column, Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import type { Delivery, EndpointDetails } from '../types.ts';
import { Attempts } from './attempts.tsx';
import { DeliveryFilters } from './delivery-filters.tsx';
import { filterOf } from './filter.ts';
import { NextAttempt } from './next-attempt.tsx';
import { Recover } from './recover.tsx';
import { Resend } from './resend.tsx';
import { useDeliveries } from './use-deliveries.ts';

const TONES = { pending: 'busy', delivered: 'good', failed: 'bad', cancelled: 'neutral' } as const;

const COLUMNS: readonly Column<Delivery>[] = [
  {
    title: 'Event',
    cell: ({ type, result_id, version }) => (
      <span>
        {`${type}, version ${version}`}
        <br />
        <Link to={{ view: 'group', params: { id: result_id } }}>
          <code>{result_id}</code>
        </Link>
      </span>
    ),
  },
  { title: 'Time of the event', cell: ({ event_time }) => <Time at={event_time} /> },
  {
    title: 'Status',
    cell: ({ status, cancel_reason }) => (
      <State tone={TONES[status]}>{cancel_reason === null ? status : `${status}: ${cancel_reason}`}</State>
    ),
  },
  { title: 'Attempts', cell: (delivery) => <Attempts delivery={delivery} /> },
  { title: 'Next attempt', cell: (delivery) => <NextAttempt delivery={delivery} /> },
];

/** The deliveries to an endpoint, newest first. */
export function Deliveries({ endpoint: { id, enabled } }: { readonly endpoint: EndpointDetails }) {
  const { place, may } = useApp();
  const { deliveries, error, reload, more } = useDeliveries(id, filterOf(place.params));
  const [sent, setSent] = useState<ReadonlySet<string>>(new Set());
  const refresh = useTask(async () => {
    await reload();
    setSent(new Set());
  });
  const mayResend = enabled && may('POST /webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/resend');
  const mayRecover = enabled && may('POST /webhook-endpoints/{endpoint_id}/recover');

  const steps: Column<Delivery> = {
    title: 'Steps',
    cell: (delivery) => {
      const { delivery_id, cancel_reason } = delivery;
      if (cancel_reason !== null) return null;
      const onSent = () => setSent((before) => new Set([...before, delivery_id]));
      return <Resend endpointId={id} delivery={delivery} isSent={sent.has(delivery_id)} onSent={onSent} />;
    },
  };

  return (
    <section class="panel stack" aria-labelledby="deliveries">
      <div class="row between">
        <h2 id="deliveries">Deliveries</h2>
        <Button isBusy={refresh.isRunning} onPress={() => void refresh.run()}>
          Refresh the list
        </Button>
      </div>
      <div class="row fields between">
        <DeliveryFilters />
        {mayRecover && <Recover endpointId={id} />}
      </div>
      {!enabled && <p>The endpoint is disabled. Deliveries can be sent again once it is enabled.</p>}
      {error && <Problem error={error} onRetry={() => void reload()} />}
      {!deliveries && !error && <p role="status">Loading</p>}
      {deliveries && deliveries.length > 0 && (
        <Table
          caption="Deliveries"
          columns={mayResend ? [...COLUMNS, steps] : COLUMNS}
          rows={deliveries}
          keyOf={({ delivery_id }) => delivery_id}
        />
      )}
      {deliveries?.length === 0 && <NoDeliveries isEnd={more === undefined} />}
      {more && (
        <div class="row">
          <Button onPress={() => void more.run()} isBusy={more.isRunning}>
            Show more
          </Button>
          {more.error && <Problem error={more.error} />}
        </div>
      )}
    </section>
  );
}

/** @param isEnd whether all deliveries were searched. */
function NoDeliveries({ isEnd }: { readonly isEnd: boolean }) {
  const { place, set } = useApp();
  if (Object.keys(filterOf(place.params)).length > 0) {
    return (
      <Empty
        title={
          isEnd ? 'No delivery matches the filters.' : 'No newer delivery matches. “Show more” searches older ones.'
        }
      >
        <Button onPress={() => set({ status: '', result_id: '' })}>Clear the filters</Button>
      </Empty>
    );
  }
  return (
    <Empty title="Nothing was delivered in the last 30 days.">
      <p>A delivery appears here with the next event of a group. “Send a test” checks the receiver before that.</p>
    </Empty>
  );
}
