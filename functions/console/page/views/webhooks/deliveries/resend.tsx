import { useTask } from '../../../api/use-task.ts';
import { useApp } from '../../../app-context.ts';
import { Button } from '../../../parts/button.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { State } from '../../../parts/status.tsx';
import type { Delivery } from '../types.ts';

interface Props {
  readonly endpointId: string;
  readonly delivery: Delivery;
  /** Whether it was sent again since the list was loaded. */
  readonly isSent: boolean;
  readonly onSent: () => void;
}

/** Sends a delivery again, without a dialog: a repetition does the receiver no harm. */
export function Resend({ endpointId, delivery: { delivery_id, result_id, version }, isSent, onSent }: Props) {
  const { client, announce } = useApp();
  const resend = useTask(async () => {
    await client.call('POST /webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/resend', {
      parameters: { endpoint_id: endpointId, delivery_id },
    });
    announce('The delivery is sent again. Refresh the list to see its end.');
    onSent();
  });
  return (
    <span>
      <Button
        isBusy={resend.isRunning}
        label={`Resend version ${version} of ${result_id}`}
        onPress={() => void resend.run()}
      >
        Resend
      </Button>
      {isSent && <State tone="busy">sent again</State>}
      {resend.error && <Problem error={resend.error} onRetry={() => void resend.run()} />}
    </span>
  );
}
