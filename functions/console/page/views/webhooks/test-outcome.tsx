import { Problem } from '../../parts/problem.tsx';
import { State } from '../../parts/status.tsx';
import { outcomeText } from './outcome.ts';
import type { EndpointTest } from './use-test.ts';

/** How an endpoint answered a test. */
export function TestOutcome({ test: { run, isRunning, error, result } }: { readonly test: EndpointTest }) {
  return (
    <>
      <div role="status">
        {isRunning && 'The test waits for the answer.'}
        {result && (
          <span class="row">
            <State tone={result.delivered ? 'good' : 'bad'}>
              {result.delivered ? 'The test arrived' : 'The test failed'}
            </State>
            {outcomeText(result)}
          </span>
        )}
      </div>
      {error && <Problem error={error} onRetry={() => void run()} />}
    </>
  );
}
