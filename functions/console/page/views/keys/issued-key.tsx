import { ClockTime } from '../../parts/clock-time.tsx';
import { Secret } from '../../parts/secret.tsx';
import type { IssuedKey } from './types.ts';

interface Props {
  readonly issued: IssuedKey;
  readonly onClose: () => void;
}

/** Shows a new key, or the new secret of one, once. */
export function IssuedKeyPanel({ issued: { name, key, expires_at, previous_ends_at }, onClose }: Props) {
  return (
    <Secret title={`The key of ${name}`} secret={key} onClose={onClose}>
      <p>
        A program sends it as <code>X-API-Key</code> to the paths below <code>/key</code>. It ends{' '}
        <ClockTime at={expires_at} />.
        {previous_ends_at && (
          <>
            {' The secret before ends '}
            <ClockTime at={previous_ends_at} />.
          </>
        )}
      </p>
    </Secret>
  );
}
