import type { Body } from '../../api/route-types.ts';
import { useApp } from '../../app-context.ts';
import { ClockTime } from '../../parts/clock-time.tsx';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { Secret } from '../../parts/secret.tsx';
import { useSecrets } from '../../parts/use-secrets.ts';

interface Props {
  readonly id: string;
  /** Whether the rotation waits for its confirmation. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Rotates the signing secret of an endpoint, and shows the new one once. */
export function RotateSecret({ id, isOpen, onClose }: Props) {
  const { client, announce } = useApp();
  const { secrets, add, forget } = useSecrets<Body<'POST /webhook-endpoints/{endpoint_id}/rotate-secret'>>();
  async function rotate(): Promise<void> {
    const input = { parameters: { endpoint_id: id } };
    const { body } = await client.call('POST /webhook-endpoints/{endpoint_id}/rotate-secret', input);
    add(body);
    announce('The secret is rotated.');
  }
  return (
    <>
      {isOpen && (
        <ConfirmDialog
          title="Rotate the signing secret?"
          action="Rotate"
          onConfirm={rotate}
          onDone={onClose}
          onClose={onClose}
        >
          <p>
            This makes a new secret, which is shown once. It and the one before sign each delivery for 24 hours, so that
            the receiver can change over.
          </p>
        </ConfirmDialog>
      )}
      {secrets.map((rotated) => (
        <Secret
          key={rotated.secret}
          title="The new signing secret"
          secret={rotated.secret}
          onClose={() => forget(rotated)}
        >
          <p>
            The secret before also signs until it ends <ClockTime at={rotated.previous_ends_at} />.
          </p>
        </Secret>
      ))}
    </>
  );
}
