import { useState } from 'preact/hooks';
import { useLoad } from '../../api/use-load.ts';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Link } from '../../parts/link.tsx';
import { Problem } from '../../parts/problem.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { ViewTitle } from '../../parts/view-title.tsx';
import { AddEndpoint } from './add-endpoint.tsx';
import { Counts } from './counts.tsx';
import { EndpointState } from './endpoint-state.tsx';
import { eventsText } from './event-types.ts';
import type { Endpoint } from './types.ts';

export function EndpointList() {
  const { client, may } = useApp();
  const [isAdding, setAdding] = useState(false);
  const { data, error, reload } = useLoad('endpoints', async (signal) => {
    const { body } = await client.call('GET /webhook-endpoints', {}, { signal });
    return { endpoints: body.items, revision: String(Date.now()) };
  });
  const refresh = useTask(reload);
  const mayAdd = may('POST /webhook-endpoints');
  return (
    <>
      <div class="row between">
        <ViewTitle>Webhooks</ViewTitle>
        <div class="row">
          <Button isBusy={refresh.isRunning} onPress={() => void refresh.run()}>
            Refresh
          </Button>
          {mayAdd && (
            <Button isPressed={isAdding} onPress={() => setAdding(!isAdding)}>
              Add an endpoint
            </Button>
          )}
        </div>
      </div>
      {mayAdd && <AddEndpoint isOpen={isAdding} onClose={() => setAdding(false)} onChange={() => void reload()} />}
      <section class="panel" aria-label="Webhook endpoints">
        {error && <Problem error={error} onRetry={() => void reload()} />}
        {!data && !error && <p role="status">Loading</p>}
        {data && data.endpoints.length > 0 && (
          <Table
            caption="Webhook endpoints"
            columns={columnsOf(data.revision)}
            rows={data.endpoints}
            keyOf={({ id }) => id}
          />
        )}
        {data && data.endpoints.length === 0 && (
          <Empty title="No endpoint receives webhooks yet.">
            <p>
              {mayAdd
                ? 'Press “Add an endpoint” and type the https URL of your program. The service then sends it an event for each new version of a group.'
                : 'An admin can add one.'}
            </p>
          </Empty>
        )}
      </section>
    </>
  );
}

const columnsOf = (revision: string): readonly Column<Endpoint>[] => [
  {
    title: 'Endpoint',
    cell: ({ id, url, description }) => (
      <span class="long-text">
        <Link to={{ view: 'webhooks', params: { id } }}>{url}</Link>
        <br />
        <span class="quiet-text">{description}</span>
      </span>
    ),
  },
  { title: 'State', cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
  { title: 'Last 24 hours', cell: ({ id }) => <LoadedCounts id={id} revision={revision} /> },
  { title: 'Last success', cell: ({ last_success }) => <Time at={last_success} /> },
  {
    title: 'Events',
    cell: ({ event_types }) => eventsText(event_types),
  },
];

interface CountsProps {
  readonly id: string;
  /** Changes with each load of the list. */
  readonly revision: string;
}

/** The counts of an endpoint take a read of all its deliveries of a day, so the list does not have them. */
function LoadedCounts({ id, revision }: CountsProps) {
  const { client } = useApp();
  const { data, error } = useLoad(
    id,
    async (signal) => {
      const input = { parameters: { endpoint_id: id } };
      const { body } = await client.call('GET /webhook-endpoints/{endpoint_id}', input, { signal });
      return body.counts_24h;
    },
    revision,
  );
  if (data) return <Counts counts={data} />;
  return <span class="quiet-text">{error ? 'not known' : 'Loading'}</span>;
}
