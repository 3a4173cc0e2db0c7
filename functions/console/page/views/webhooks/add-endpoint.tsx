import type { Body } from '../../api/route-types.ts';
import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { Secret } from '../../parts/secret.tsx';
import { useSecrets } from '../../parts/use-secrets.ts';
import { type EndpointDraft, NEW_ENDPOINT } from './endpoint-draft.ts';
import { EndpointForm } from './endpoint-form.tsx';

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onChange: () => void;
}

/** Adds an endpoint, and shows its signing secret once. */
export function AddEndpoint({ isOpen, onClose, onChange }: Props) {
  const { client, announce } = useApp();
  const { secrets, add: show, forget } = useSecrets<Body<'POST /webhook-endpoints'>>();
  const add = useTask(async ({ url, description, event_types }: EndpointDraft) => {
    try {
      const body = { url, description, event_types: [...event_types] };
      const answer = await client.call('POST /webhook-endpoints', { body });
      show(answer.body);
      announce('The endpoint is added.');
      onClose();
    } finally {
      // A call without an answer can have added it.
      onChange();
    }
  });
  return (
    <>
      {secrets.map((added) => (
        <Secret
          key={added.id}
          title="The signing secret of the new endpoint"
          secret={added.secret}
          onClose={() => forget(added)}
        >
          <p>
            <code>{added.url}</code> receives events from now on. Your program verifies them with this secret.
          </p>
        </Secret>
      ))}
      {isOpen && (
        <EndpointForm
          title="Add an endpoint"
          before={NEW_ENDPOINT}
          action="Add"
          isRunning={add.isRunning}
          error={add.error}
          onSubmit={(draft) => void add.run(draft)}
          onClose={onClose}
        />
      )}
    </>
  );
}
