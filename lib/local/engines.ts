import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { LocalMark } from '../local-marks.ts';
import { type AnyCheck, findAnyCheck, secretText } from './anycheck.ts';
import { type EventBuses, startEventBuses } from './events/event-buses.ts';
import { type Issuer, startIssuer } from './issuer/issuer.ts';
import type { LocalUser } from './issuer/users.ts';
import type { ServiceEndpoints } from './lambda/environment.ts';
import { type Logs, startLogs } from './logs/logs.ts';
import { type Queues, startQueues } from './queues/queues.ts';
import { type Secrets, startSecrets } from './secrets.ts';
import { DEFAULT_WEBHOOK_TOKEN, type LocalSettings } from './settings.ts';
import { openState, type State } from './storage/state.ts';
import { startTables, type Tables } from './storage/tables.ts';

export interface EnginesProps extends Partial<LocalSettings> {
  readonly dataDir: string;
  /** The address of the sandbox groups' webhooks; undefined: no webhooks. */
  readonly webhookUrl: string | undefined;
}

/** The local engines for AWS services and AnyCheck, before they hold any resource of the stack. */
export interface Engines {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly eventBuses: EventBuses;
  readonly secrets: Secrets;
  readonly logs: Logs;
  readonly issuer: Issuer;
  readonly anycheck: AnyCheck;
  readonly endpoints: ServiceEndpoints;
}

export const DEFAULT_USER: LocalUser = { email: 'operator@example.com', password: 'local-password', groups: ['admin'] };

/**
 * Starts all engines concurrently, with their data in `dataDir`.
 * @param closing gets a function per engine that stops it.
 * @throws LocalFault when one of their ports is in use.
 */
export async function startEngines(props: EnginesProps, closing: AsyncDisposableStack): Promise<Engines> {
  const { dataDir } = props;
  const state = openState(join(dataDir, 'state.db'));
  closing.defer(() => state.close());
  const owned = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    closing.defer(() => started.close());
    return started;
  };
  const [tables, queues, eventBuses, secrets, logs, issuer, anycheck] = await allOrNone([
    owned(startTables(props.dynamodbEndpoint ?? { directory: join(dataDir, 'dynamodb'), port: props.dynamodbPort })),
    owned(startQueues(join(dataDir, 'queues'), props.queuesPort)),
    owned(startEventBuses(dataDir, props.eventsPort)),
    owned(startSecrets()),
    owned(startLogs()),
    owned(startIssuer(state, [props.user ?? DEFAULT_USER], { port: props.issuerPort, tokenPort: props.tokenPort })),
    owned(findAnyCheck(props, dataDir)),
  ]);
  const secretValues: Readonly<Record<LocalMark, string>> = {
    'anycheck-credentials': secretText(anycheck.credentials),
    'webhook-secret': JSON.stringify({ token: props.webhookToken ?? DEFAULT_WEBHOOK_TOKEN }),
    'webhook-keyring': keyring(state),
  };
  for (const [mark, value] of Object.entries(secretValues)) secrets.put(mark, value);
  const endpoints = {
    dynamodb: tables.endpoint,
    sqs: queues.endpoint,
    eventBridge: eventBuses.url,
    secretsManager: secrets.url,
    cognito: issuer.url,
    logs: logs.url,
  };
  return { tables, queues, eventBuses, secrets, logs, issuer, anycheck, endpoints };
}

const KEYRING = 'webhook-keyring';

/** The keyring of webhook signing secrets. A later run reads the signing secrets in the table with the same key. */
function keyring(state: State): string {
  const key = state.get(KEYRING) ?? randomBytes(32).toString('hex');
  state.put(KEYRING, key);
  return JSON.stringify({ key, previous_keys: [] });
}

/**
 * Returns all results. On an error it waits for the other tasks first, so that the caller can close what they started.
 */
export async function allOrNone<const T extends readonly unknown[]>(tasks: T) {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
