import { useLoad } from '../../api/use-load.ts';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Link } from '../../parts/link.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Time } from '../../parts/time.tsx';
import { ViewTitle } from '../../parts/view-title.tsx';
import { Counts } from './counts.tsx';
import { Deliveries } from './deliveries/deliveries.tsx';
import { EndpointActions } from './endpoint-actions.tsx';
import { EndpointState, stateMeaning } from './endpoint-state.tsx';
import { eventsText } from './event-types.ts';
import type { EndpointDetails } from './types.ts';

/** One endpoint with its deliveries. */
export function EndpointView({ id }: { readonly id: string }) {
  const { client } = useApp();
  const { data, error, reload } = useLoad(id, async (signal) => {
    const input = { parameters: { endpoint_id: id } };
    return (await client.call('GET /webhook-endpoints/{endpoint_id}', input, { signal })).body;
  });
  const refresh = useTask(reload);
  const isUnknown = error?.details.status === 404;
  return (
    <>
      <p>
        <Link to={{ view: 'webhooks', params: {} }}>All endpoints</Link>
      </p>
      <div class="row between">
        <ViewTitle>Webhook endpoint</ViewTitle>
        {data && !isUnknown && (
          <Button isBusy={refresh.isRunning} onPress={() => void refresh.run()}>
            Refresh
          </Button>
        )}
      </div>
      {isUnknown && (
        <Empty title="There is no such endpoint.">
          <p>It may have been deleted.</p>
        </Empty>
      )}
      {error && !isUnknown && <Problem error={error} onRetry={() => void reload()} />}
      {!data && !error && <p role="status">Loading</p>}
      {data && !isUnknown && (
        <>
          <section class="panel stack" aria-label="State">
            <EndpointFacts endpoint={data} />
            <EndpointActions endpoint={data} onChange={() => void reload()} />
          </section>
          <Deliveries endpoint={data} />
        </>
      )}
    </>
  );
}

function EndpointFacts({ endpoint }: { readonly endpoint: EndpointDetails }) {
  return (
    <>
      <p class="long-text">
        <strong>{endpoint.url}</strong>
        {endpoint.description !== '' && <span class="quiet-text"> {endpoint.description}</span>}
      </p>
      <p class="row">
        <EndpointState endpoint={endpoint} />
        <span>{stateMeaning(endpoint)}</span>
      </p>
      <Facts
        facts={[
          ['Last 24 hours', <Counts key="counts" counts={endpoint.counts_24h} />],
          ['Last success', <Time key="success" at={endpoint.last_success} />],
          ['Added', <Time key="added" at={endpoint.created_at} />],
          ['Changed', <Time key="changed" at={endpoint.updated_at} />],
          ['Events', eventsText(endpoint.event_types)],
        ]}
      />
    </>
  );
}
