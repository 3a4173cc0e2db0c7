import { useState } from 'preact/hooks';
import type { Body } from '../../api/route-types.ts';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { Problem } from '../../parts/problem.tsx';
import { State } from '../../parts/status.tsx';
import { outcomeText } from './outcome.ts';

/** Sends a ping to an endpoint, and shows how it answered. */
export function TestEndpoint({ id }: { readonly id: string }) {
  const { client } = useApp();
  const [result, setResult] = useState<Body<'POST /webhook-endpoints/{endpoint_id}/test'> | undefined>();
  const test = useTask(async () => {
    setResult(undefined);
    const input = { parameters: { endpoint_id: id } };
    setResult((await client.call('POST /webhook-endpoints/{endpoint_id}/test', input)).body);
  });
  return (
    <>
      <Button kind="primary" isBusy={test.isRunning} onPress={() => void test.run()}>
        Send a test
      </Button>
      <span role="status" class="row">
        {test.isRunning && 'Waiting for the answer'}
        {result && (
          <>
            <State tone={result.delivered ? 'good' : 'bad'}>
              {result.delivered ? 'The test arrived' : 'The test failed'}
            </State>
            {outcomeText(result)}
          </>
        )}
      </span>
      {test.error && <Problem error={test.error} onRetry={() => void test.run()} />}
    </>
  );
}
