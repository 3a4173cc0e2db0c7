import { useEffect, useState } from 'preact/hooks';
import type { CallError } from '../api/call-error.ts';
import { Button } from './button.tsx';

interface Props {
  readonly error: CallError;
  /** Repeats the step. */
  readonly onRetry?: () => void;
}

/** An error with what to do. A repetition waits as long as the service demands. */
export function Problem({ error, onRetry }: Props) {
  const { status, code, requestId, retryAfterSeconds = 0, fields = [] } = error.details;
  const left = useCountdown(error, retryAfterSeconds);
  return (
    <div class="problem" role="alert">
      <p>{error.message}</p>
      {fields.length > 0 && (
        <ul>
          {fields.map(({ field, message }) => (
            <li key={field}>{message}</li>
          ))}
        </ul>
      )}
      <p class="quiet-text">
        {status > 0 && `${status} `}
        {code}
        {requestId && (
          <>
            {', request '}
            <code>{requestId}</code>
          </>
        )}
      </p>
      {left > 0 && <p>{`Possible again in ${left} s.`}</p>}
      {onRetry && (
        <Button onPress={onRetry} isDisabled={left > 0}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Counts seconds down from an event on. */
function useCountdown(event: unknown, seconds: number): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const endsAt = Date.now() + seconds * 1000;
    setLeft(seconds);
    if (seconds === 0) return;
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((endsAt - Date.now()) / 1000))), 1000);
    return () => clearInterval(timer);
  }, [event, seconds]);
  return left;
}
