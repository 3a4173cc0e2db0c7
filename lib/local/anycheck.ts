import { join } from 'node:path';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../sandbox/server.ts';
import { codeOf, LocalFault } from './fault.ts';
import type { AnyCheckCredentials, LocalSettings } from './settings.ts';

/** The AnyCheck that this run talks to. */
export interface AnyCheck {
  readonly url: string;
  readonly credentials: AnyCheckCredentials;
  /** Absent where AnyCheck is somewhere else. */
  readonly sandbox: Sandbox | undefined;
  close(): Promise<void>;
}

export interface AnyCheckChoice
  extends Partial<Pick<LocalSettings, 'anycheckBaseUrl' | 'anycheckCredentials' | 'sandboxPort'>> {
  /** Where the sandbox's groups send their webhooks; absent: nowhere. */
  readonly webhookUrl?: string | undefined;
}

/**
 * The AnyCheck at a given address, or the sandbox, started with its state in `dataDir`.
 * @throws LocalFault when the sandbox's port is taken.
 */
export async function findAnyCheck(choice: AnyCheckChoice, dataDir: string): Promise<AnyCheck> {
  const { anycheckBaseUrl: url, anycheckCredentials: given, sandboxPort = 0, webhookUrl } = choice;
  if (url !== undefined) {
    if (given === undefined) throw new LocalFault('An AnyCheck of your own needs credentials.');
    return { url, credentials: given, sandbox: undefined, close: async () => {} };
  }
  try {
    // Whoever has credentials in the environment all the time can try the sandbox with them.
    const taken = { ...SANDBOX_CREDENTIALS, ...given };
    const sandbox = await startSandbox({
      port: sandboxPort,
      stateFile: join(dataDir, 'sandbox.json'),
      credentials: taken,
      ...(webhookUrl !== undefined && { webhookUrl }),
    });
    const credentials = given ?? { apiKey: taken.apiKey };
    return { url: sandbox.url, credentials, sandbox, close: () => sandbox.close() };
  } catch (cause) {
    if (codeOf(cause) !== 'EADDRINUSE') throw cause;
    throw new LocalFault(`Port ${sandboxPort} is in use: choose another with SANDBOX_PORT.`, { cause });
  }
}

/** The secret's text, in the form that an operator puts it in AWS. */
export function secretText(credentials: AnyCheckCredentials): string {
  return JSON.stringify('apiKey' in credentials ? { api_key: credentials.apiKey } : credentials);
}
