import { join, resolve } from 'node:path';
import type { LocalMark } from '../local-marks.ts';
import type { Sandbox } from '../sandbox/server.ts';
import { allOrNone, DEFAULT_USER, startEngines } from './engines.ts';
import { startRules } from './events/rules.ts';
import { createApi } from './gateway/api.ts';
import { createKeysOf } from './gateway/keys.ts';
import { listen } from './gateway/listener.ts';
import type { MachineClient } from './issuer/client-secrets.ts';
import type { LocalUser } from './issuer/users.ts';
import type { ServiceEndpoints } from './lambda/environment.ts';
import { startFunctions } from './lambda/functions.ts';
import type { Outcome } from './lambda/outcome.ts';
import { publishAccess } from './listen/access.ts';
import { startSubscriptions } from './logs/subscriptions.ts';
import { startEventSources } from './queues/event-sources.ts';
import { startSchedules } from './schedules.ts';
import { DEFAULT_WEBHOOK_TOKEN, type LocalSettings } from './settings.ts';
import { claimDirectory } from './storage/data-directory.ts';
import { readAssembly } from './template/assembly.ts';
import { labelOf } from './template/label.ts';
import { refuseUnsupported } from './template/resource-types.ts';
import { openStack, type Resource } from './template/stack.ts';
import { ANYCHECK_PLACEHOLDER_URL, synthesizeIfChanged } from './template/synthesize.ts';

export interface LocalOptions extends Partial<LocalSettings> {
  readonly dataDir: string;
  /** An existing cloud assembly. Default: the app is synthesized into the data directory, where it has changed. */
  readonly assembly?: string;
  /** The app's route for AnyCheck's webhooks, with `{token}` in it. The sandbox's groups send their webhooks there. */
  readonly webhookPath?: string;
  /** For tests: replaces the endpoints of the services, for example by a proxy that checks IAM permissions. */
  readonly before?: (services: ServiceEndpoints) => ServiceEndpoints;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
  /** Called after every failed invocation. The log file has the details. */
  readonly onFailure?: (label: string, message: string, logFile: string) => void;
}

/** A running stack. Names and URLs are by logical id; `outputs` are the template's own. */
export interface LocalStack {
  readonly url: string;
  readonly anycheckUrl: string;
  /** Undefined without a `webhookPath`. */
  readonly webhookUrl: string | undefined;
  /** Undefined where the run uses an AnyCheck at another address. */
  readonly sandbox: Sandbox | undefined;
  readonly dynamodbEndpoint: string;
  readonly queueEndpoint: string;
  /** Of the stand-in for EventBridge. */
  readonly eventsEndpoint: string;
  readonly cognitoEndpoint: string;
  /** The token endpoint for machines. */
  readonly tokenUrl: string;
  readonly machineClients: readonly Pick<MachineClient, 'name' | 'id' | 'secret'>[];
  /** Whether the template has a user pool. Without one, another issuer gives out the tokens. */
  readonly hasUsers: boolean;
  readonly secretsEndpoint: string;
  readonly tableNames: Readonly<Record<string, string>>;
  readonly queueUrls: Readonly<Record<string, string>>;
  /** Log files of the functions. */
  readonly logFiles: Readonly<Record<string, string>>;
  /** Files of the log groups that functions write to through the API. A file exists after the first write. */
  readonly logGroupFiles: Readonly<Record<string, string>>;
  readonly logDirectory: string;
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * Resolves when every function has loaded; requests are served before.
   * @throws LocalFault with the name of one that failed.
   */
  ready(): Promise<void>;
  /** Invokes a function without the gateway. */
  invoke(logicalId: string, event: unknown): Promise<Outcome>;
  putSecret(mark: LocalMark, value: string | undefined): void;
  addUser(user: LocalUser): void;
  /** Waits for running invocations, at most about 4 seconds, then ends the run. */
  close(): Promise<void>;
}

/** How long the end of the run waits for running invocations. */
const GRACE_MS = 2500;
/** How long it then waits for the delivery of the last events. */
const EVENT_FLUSH_MS = 500;
/** How long it then waits for the delivery of the last log lines. */
const LOG_FLUSH_MS = 1000;

/**
 * Runs a synthesized template on this machine.
 * @throws LocalFault for an error that the developer can fix: a port or a directory in use, a template that cannot run
 * here.
 */
export async function startLocal(options: LocalOptions): Promise<LocalStack> {
  const closing = new AsyncDisposableStack();
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

async function start(options: LocalOptions, closing: AsyncDisposableStack): Promise<LocalStack> {
  const { signal } = options;
  const failed = new AbortController();
  const synthesis = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])]);
  const dataDir = resolve(options.dataDir);
  closing.defer(claimDirectory(dataDir));
  const listener = await listen(options.port ?? 0);
  closing.defer(() => listener.close(0));
  const token = options.webhookToken ?? DEFAULT_WEBHOOK_TOKEN;
  const webhookUrl = options.webhookPath && `${listener.url}${options.webhookPath.replace('{token}', token)}`;
  // An engine that cannot start, for example because its port is in use, ends the start without the synthesis. Its error
  // comes first, so that the start ends with it.
  const [engines, assemblyDirectory] = await allOrNone([
    startEngines({ ...options, dataDir, webhookUrl }, closing).catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
    options.assembly ?? synthesizeIfChanged({ outdir: join(dataDir, 'cdk.out'), signal: synthesis }),
  ]);
  signal?.throwIfAborted();
  const { tables, queues, eventBuses, secrets, logs, issuer, anycheck, endpoints } = engines;

  const assembly = await readAssembly(assemblyDirectory, { [ANYCHECK_PLACEHOLDER_URL]: anycheck.url });
  const stack = openStack(assembly, { gateway: listener.url, queues: queues.endpoint });
  refuseUnsupported(stack);
  secrets.serve(stack);
  issuer.serve(stack);
  await Promise.all([tables.create(stack), queues.create(stack)]);

  const logDirectory = join(dataDir, 'logs');
  const logGroups = stack
    .resources('AWS::Logs::LogGroup')
    .map((one) => ({ ...one, file: join(logDirectory, `${labelOf(one, stack.name)}.log`) }));
  for (const { ref, file } of logGroups) logs.open(ref, file);
  const functions = startFunctions({
    stack,
    assembly,
    logDirectory,
    onFailure: options.onFailure,
    endpoints: options.before?.(endpoints) ?? endpoints,
  });
  closing.defer(() => functions.close(0));
  const rules = startRules(stack, functions, queues.client);
  eventBuses.serve(stack, rules);
  const subscriptions = startSubscriptions(stack, functions, queues.client);
  listener.serve(createApi(stack, functions, createKeysOf(issuer.keys)));
  const user = issuer.hasPools() ? (options.user ?? DEFAULT_USER) : undefined;
  closing.defer(publishAccess(dataDir, listener.url, user));
  const eventSources = startEventSources(stack, queues.client, functions);
  const stopSchedules = startSchedules(stack, functions, options.sweepSeconds ?? 10);
  closing.defer(async () => {
    stopSchedules();
    const closeFunctions = async () => {
      await functions.close(GRACE_MS, [...rules.destinations, ...subscriptions.destinations]);
      await rules.close(EVENT_FLUSH_MS);
      await subscriptions.close(LOG_FLUSH_MS);
    };
    await Promise.all([listener.close(GRACE_MS + 500), eventSources.close(), closeFunctions()]);
  });

  const byLogicalId = (type: string, value: (resource: Resource) => string) =>
    Object.fromEntries(stack.resources(type).map((resource) => [resource.logicalId, value(resource)]));
  let closed: Promise<void> | undefined;
  return {
    url: listener.url,
    anycheckUrl: anycheck.url,
    webhookUrl,
    sandbox: anycheck.sandbox,
    dynamodbEndpoint: tables.endpoint,
    queueEndpoint: queues.endpoint,
    eventsEndpoint: eventBuses.url,
    cognitoEndpoint: issuer.url,
    tokenUrl: issuer.tokenUrl,
    machineClients: issuer.machineClients(),
    hasUsers: issuer.hasPools(),
    secretsEndpoint: secrets.url,
    tableNames: byLogicalId('AWS::DynamoDB::Table', ({ ref }) => ref),
    queueUrls: byLogicalId('AWS::SQS::Queue', ({ ref }) => ref),
    logFiles: Object.fromEntries(functions.all.map(({ logicalId, logFile }) => [logicalId, logFile])),
    logGroupFiles: Object.fromEntries(logGroups.map(({ logicalId, file }) => [logicalId, file])),
    logDirectory,
    outputs: stack.outputs,
    ready: functions.ready,
    invoke: (logicalId, event) => functions.find(logicalId).invoke(event),
    putSecret: secrets.put,
    addUser: issuer.addUser,
    close() {
      closed ??= closing.disposeAsync();
      return closed;
    },
  };
}
