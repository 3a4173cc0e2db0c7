import { useState } from 'preact/hooks';

interface Secrets<Issued> {
  /** Newest first. */
  readonly secrets: readonly Issued[];
  readonly add: (issued: Issued) => void;
  /** Forgets one that the user has stored. */
  readonly forget: (issued: Issued) => void;
}

/** Holds the secrets that a view received, each until the user has stored it. */
export function useSecrets<Issued>(): Secrets<Issued> {
  const [secrets, setSecrets] = useState<readonly Issued[]>([]);
  return {
    secrets,
    add: (issued) => setSecrets((before) => [issued, ...before]),
    forget: (issued) => setSecrets((before) => before.filter((one) => one !== issued)),
  };
}
