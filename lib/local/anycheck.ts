import { join } from 'node:path';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../sandbox/server.ts';
import { LocalFault, onPort } from './fault.ts';
import type { AnyCheckCredentials, LocalSettings } from './settings.ts';

/** The AnyCheck that this run talks to. */
export interface AnyCheck {
  readonly url: string;
  readonly credentials: AnyCheckCredentials;
  /** Undefined where the run uses an AnyCheck at another address. */
  readonly sandbox: Sandbox | undefined;
  close(): Promise<void>;
}

export interface AnyCheckChoice
  extends Partial<Pick<LocalSettings, 'anycheckBaseUrl' | 'anycheckCredentials' | 'sandboxPort'>> {
  /** The address of the sandbox groups' webhooks; undefined: no webhooks. */
  readonly webhookUrl?: string | undefined;
}

/**
 * Returns the AnyCheck at the configured address, or else starts the sandbox with its state in `dataDir`.
 * @throws LocalFault when the sandbox's port is in use, or when an address has no credentials.
 */
export async function findAnyCheck(choice: AnyCheckChoice, dataDir: string): Promise<AnyCheck> {
  const { anycheckBaseUrl: url, anycheckCredentials: configured, sandboxPort = 0, webhookUrl } = choice;
  if (url !== undefined) {
    if (configured === undefined) throw new LocalFault('An AnyCheck base URL requires credentials.');
    return { url, credentials: configured, sandbox: undefined, close: async () => {} };
  }
  // The sandbox accepts credentials from the environment, so that a developer need not unset them.
  const accepted = { ...SANDBOX_CREDENTIALS, ...configured };
  const sandbox = await onPort('SANDBOX_PORT', sandboxPort, (port) =>
    startSandbox({
      port,
      stateFile: join(dataDir, 'sandbox.json'),
      credentials: accepted,
      ...(webhookUrl !== undefined && { webhookUrl }),
    }),
  );
  const credentials = configured ?? { apiKey: accepted.apiKey };
  return { url: sandbox.url, credentials, sandbox, close: () => sandbox.close() };
}

/** The secret's text, in the form that an operator stores in Secrets Manager. */
export function secretText(credentials: AnyCheckCredentials): string {
  return JSON.stringify('apiKey' in credentials ? { api_key: credentials.apiKey } : credentials);
}
