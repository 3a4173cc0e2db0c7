import { useState } from 'preact/hooks';
import type { Body } from '../../api/route-types.ts';
import { type Task, useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';

export interface EndpointTest extends Task<[]> {
  /** Undefined before the end of the first test, and while one runs. */
  readonly result: Body<'POST /webhook-endpoints/{endpoint_id}/test'> | undefined;
}

/** Sends a test event to an endpoint. */
export function useTest(id: string): EndpointTest {
  const { client } = useApp();
  const [result, setResult] = useState<EndpointTest['result']>();
  const test = useTask(async () => {
    setResult(undefined);
    const input = { parameters: { endpoint_id: id } };
    setResult((await client.call('POST /webhook-endpoints/{endpoint_id}/test', input)).body);
  });
  return { ...test, result };
}
