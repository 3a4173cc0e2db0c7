import { useState } from 'preact/hooks';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { EditEndpoint } from './edit-endpoint.tsx';
import { RotateSecret } from './rotate-secret.tsx';
import { TestOutcome } from './test-outcome.tsx';
import type { EndpointDetails } from './types.ts';
import { useTest } from './use-test.ts';

interface Props {
  readonly endpoint: EndpointDetails;
  readonly onChange: () => void;
}

/** What a user can do with an endpoint. */
export function EndpointActions({ endpoint, onChange }: Props) {
  const { client, may, announce, go } = useApp();
  const [open, setOpen] = useState<'edit' | 'rotate' | 'disable' | 'delete' | undefined>();
  const input = { parameters: { endpoint_id: endpoint.id } };
  const close = () => setOpen(undefined);
  const mayChange = may('PATCH /webhook-endpoints/{endpoint_id}');

  const test = useTest(endpoint.id);
  async function switchTo(enabled: boolean): Promise<void> {
    await client.call('PATCH /webhook-endpoints/{endpoint_id}', { ...input, body: { enabled } });
    announce(enabled ? 'The endpoint is enabled.' : 'The endpoint is disabled.');
  }
  const enable = useTask(async () => {
    await switchTo(true);
    onChange();
  });
  async function remove(): Promise<void> {
    await client.call('DELETE /webhook-endpoints/{endpoint_id}', input);
    announce('The endpoint is deleted.');
  }

  return (
    <>
      <div class="row">
        {may('POST /webhook-endpoints/{endpoint_id}/test') && (
          <Button kind="primary" isBusy={test.isRunning} onPress={() => void test.run()}>
            Send a test
          </Button>
        )}
        {mayChange && (
          <Button isPressed={open === 'edit'} onPress={() => setOpen(open === 'edit' ? undefined : 'edit')}>
            Edit
          </Button>
        )}
        {may('POST /webhook-endpoints/{endpoint_id}/rotate-secret') && (
          <Button onPress={() => setOpen('rotate')}>Rotate the secret</Button>
        )}
        {mayChange && !endpoint.enabled && (
          <Button isBusy={enable.isRunning} onPress={() => void enable.run()}>
            Enable
          </Button>
        )}
        {mayChange && endpoint.enabled && <Button onPress={() => setOpen('disable')}>Disable</Button>}
        {may('DELETE /webhook-endpoints/{endpoint_id}') && (
          <Button kind="danger" onPress={() => setOpen('delete')}>
            Delete
          </Button>
        )}
      </div>
      <TestOutcome test={test} />
      {enable.error && <Problem error={enable.error} onRetry={() => void enable.run()} />}
      {open === 'edit' && <EditEndpoint endpoint={endpoint} onChange={onChange} onClose={close} />}
      <RotateSecret id={endpoint.id} isOpen={open === 'rotate'} onClose={close} />
      {open === 'disable' && (
        <ConfirmDialog
          title="Disable this endpoint?"
          action="Disable"
          onConfirm={() => switchTo(false)}
          onDone={() => {
            close();
            onChange();
          }}
          onClose={close}
        >
          <p>
            Nothing is sent to it any more, and its pending deliveries become failed. Once it is enabled again, “Send
            all failed again” delivers them.
          </p>
        </ConfirmDialog>
      )}
      {open === 'delete' && (
        <ConfirmDialog
          title="Delete this endpoint?"
          action="Delete for ever"
          typed={endpoint.id}
          onConfirm={remove}
          onDone={() => go({ view: 'webhooks', params: {} })}
          onClose={close}
        >
          <p>
            It receives nothing any more, its pending deliveries are cancelled, and its secret is lost. It cannot be
            undone.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
