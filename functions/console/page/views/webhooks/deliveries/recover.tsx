import { useState } from 'preact/hooks';
import { useTask } from '../../../api/use-task.ts';
import { useApp } from '../../../app-context.ts';
import { Button } from '../../../parts/button.tsx';
import { LocalTimeField, localText } from '../../../parts/local-time.tsx';
import { Problem } from '../../../parts/problem.tsx';

const DAY_MS = 86_400_000;

/** Sends all failed deliveries since a time again. */
export function Recover({ endpointId }: { readonly endpointId: string }) {
  const { client, announce } = useApp();
  const [since, setSince] = useState(() => localText(new Date(Date.now() - DAY_MS).toISOString()));
  const recover = useTask(async () => {
    const body = { since: new Date(since).toISOString() };
    await client.call('POST /webhook-endpoints/{endpoint_id}/recover', {
      parameters: { endpoint_id: endpointId },
      body,
    });
    announce('The failed deliveries are sent again. It can take minutes.');
  });
  return (
    <form
      class="row fields"
      onSubmit={(event) => {
        event.preventDefault();
        void recover.run();
      }}
    >
      <LocalTimeField label="Failed events since (your time zone)" value={since} onInput={setSince} isRequired />
      <Button submits isBusy={recover.isRunning}>
        Send all failed again
      </Button>
      {recover.error && <Problem error={recover.error} onRetry={() => void recover.run()} />}
    </form>
  );
}
