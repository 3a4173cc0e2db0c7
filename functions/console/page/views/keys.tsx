import { useState } from 'preact/hooks';
import { useLoad } from '../api/use-load.ts';
import { useTask } from '../api/use-task.ts';
import { useApp } from '../app-context.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Problem } from '../parts/problem.tsx';
import { useSecrets } from '../parts/use-secrets.ts';
import { ViewTitle } from '../parts/view-title.tsx';
import { CreateKey } from './keys/create-key.tsx';
import { IssuedKeyPanel } from './keys/issued-key.tsx';
import { KeyTable } from './keys/key-table.tsx';
import type { IssuedKey } from './keys/types.ts';

export function KeysView() {
  const { client, may } = useApp();
  const [isCreating, setCreating] = useState(false);
  const { secrets, add, forget } = useSecrets<IssuedKey>();
  const { data, error, reload } = useLoad('keys', async (signal) => {
    return (await client.call('GET /api-keys', {}, { signal })).body.items;
  });
  const refresh = useTask(reload);
  const onChange = () => void reload();
  return (
    <>
      <div class="row between">
        <ViewTitle>API keys</ViewTitle>
        <div class="row">
          <Button isBusy={refresh.isRunning} onPress={() => void refresh.run()}>
            Refresh
          </Button>
          {may('POST /api-keys') && (
            <Button isPressed={isCreating} onPress={() => setCreating(!isCreating)}>
              Create a key
            </Button>
          )}
        </div>
      </div>
      {secrets.map((issued) => (
        <IssuedKeyPanel key={issued.key} issued={issued} onClose={() => forget(issued)} />
      ))}
      {isCreating && <CreateKey onIssued={add} onChange={onChange} onClose={() => setCreating(false)} />}
      <section class="panel" aria-label="API keys">
        {error && <Problem error={error} onRetry={onChange} />}
        {!data && !error && <p role="status">Loading</p>}
        {data && data.length > 0 && <KeyTable keys={data} onIssued={showRotated} onChange={onChange} />}
        {data?.length === 0 && (
          <Empty title="There are no API keys.">
            <p>
              A key is for a program that was written for AnyCheck’s header X-API-Key. Press “Create a key” to make one.
            </p>
          </Empty>
        )}
      </section>
    </>
  );

  function showRotated(key: IssuedKey): void {
    add(key);
    onChange();
  }
}
