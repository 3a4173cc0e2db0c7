import { useTask } from '../../api/use-task.ts';
import { useApp } from '../../app-context.ts';
import { changeOf, type EndpointDraft } from './endpoint-draft.ts';
import { EndpointForm } from './endpoint-form.tsx';
import type { EndpointDetails } from './types.ts';

interface Props {
  readonly endpoint: EndpointDetails;
  readonly onChange: () => void;
  readonly onClose: () => void;
}

export function EditEndpoint({ endpoint, onChange, onClose }: Props) {
  const { client, announce } = useApp();
  const save = useTask(async (draft: EndpointDraft) => {
    const body = changeOf(draft, endpoint);
    if (body) {
      const parameters = { endpoint_id: endpoint.id };
      await client.call('PATCH /webhook-endpoints/{endpoint_id}', { parameters, body });
      onChange();
    }
    announce(body ? 'The endpoint is changed.' : 'Nothing was changed.');
    onClose();
  });
  return (
    <EndpointForm
      title="Edit the endpoint"
      before={endpoint}
      action="Save"
      isRunning={save.isRunning}
      error={save.error}
      onSubmit={(draft) => void save.run(draft)}
      onClose={onClose}
    />
  );
}
