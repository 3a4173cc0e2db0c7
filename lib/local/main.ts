import { join, resolve } from 'node:path';
import type { LocalMark } from '../local-marks.ts';
import type { Sandbox } from '../sandbox/server.ts';
import { allOrNone, startEngines } from './engines.ts';
import { createApi } from './gateway/api.ts';
import { createKeysOf } from './gateway/keys.ts';
import { listen } from './gateway/listener.ts';
import type { MachineClient } from './issuer/client-secrets.ts';
import type { LocalUser } from './issuer/users.ts';
import type { ServiceEndpoints } from './lambda/environment.ts';
import { startFunctions } from './lambda/functions.ts';
import type { Outcome } from './lambda/outcome.ts';
import { startSubscriptions } from './logs/subscriptions.ts';
import { startEventSources } from './queues/event-sources.ts';
import { startSchedules } from './schedules.ts';
import { DEFAULT_WEBHOOK_TOKEN, type LocalSettings } from './settings.ts';
import { takeDirectory } from './storage/data-directory.ts';
import { readAssembly } from './template/assembly.ts';
import { labelOf } from './template/label.ts';
import { refuseUnsupported } from './template/resource-types.ts';
import { openStack, type Resource } from './template/stack.ts';
import { ANYCHECK_TO_BE_TOLD, synthesize } from './template/synthesize.ts';

export interface LocalOptions extends Partial<LocalSettings> {
  readonly dataDir: string;
  /** A cloud assembly to run as it is; without one the app is synthesized into the data directory. */
  readonly assembly?: string;
  /** Where the app takes AnyCheck's webhooks, with `{token}` in it: the sandbox's groups send theirs there. */
  readonly webhookPath?: string;
  /** For tests: where functions reach the services, if not at their engines, such as a stand-in for IAM that checks their calls. */
  readonly before?: (services: ServiceEndpoints) => ServiceEndpoints;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
  /** Told of every failed invocation, whose details are in the log file. */
  readonly onFailure?: (label: string, message: string, logFile: string) => void;
}

/** A running stack. Names and URLs are by logical id; `outputs` are the template's own. */
export interface LocalStack {
  readonly url: string;
  readonly anycheckUrl: string;
  /** Absent without a `webhookPath`. */
  readonly webhookUrl: string | undefined;
  /** Absent where AnyCheck is somewhere else. */
  readonly sandbox: Sandbox | undefined;
  readonly dynamodbEndpoint: string;
  readonly queueEndpoint: string;
  readonly cognitoEndpoint: string;
  /** Where machines get their tokens. */
  readonly tokenUrl: string;
  readonly machineClients: readonly Pick<MachineClient, 'name' | 'id' | 'secret'>[];
  /** Whether there is a user pool; without one, tokens are those of an issuer somewhere else. */
  readonly hasUsers: boolean;
  readonly secretsEndpoint: string;
  readonly tableNames: Readonly<Record<string, string>>;
  readonly queueUrls: Readonly<Record<string, string>>;
  /** Log files of the functions. */
  readonly logFiles: Readonly<Record<string, string>>;
  /** Files of the log groups that functions write to by themselves; one is there once something was written. */
  readonly logGroupFiles: Readonly<Record<string, string>>;
  readonly logDirectory: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Resolves when every function has loaded; requests are served before. @throws LocalFault naming one that can't be. */
  ready(): Promise<void>;
  /** Invokes a function past the gateway. */
  invoke(logicalId: string, event: unknown): Promise<Outcome>;
  putSecret(mark: LocalMark, value: string | undefined): void;
  addUser(user: LocalUser): void;
  /** Gives what is under way a moment; at most about 4 seconds. */
  close(): Promise<void>;
}

/** Milliseconds that invocations under way get when the run ends. */
const GRACE = 2500;
/** Milliseconds that the last log lines then have to get where subscriptions send them. */
const LAST_LINES = 1000;

/**
 * Runs a synthesized template on this machine.
 * @throws LocalFault for what its caller can put right: a port or a directory in use, a template that cannot run here.
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
  const dataDir = resolve(options.dataDir);
  closing.defer(takeDirectory(dataDir));
  const listener = await listen(options.port ?? 0);
  closing.defer(() => listener.close(0));
  const token = options.webhookToken ?? DEFAULT_WEBHOOK_TOKEN;
  const webhookUrl = options.webhookPath && `${listener.url}${options.webhookPath.replace('{token}', token)}`;
  const [assemblyDirectory, engines] = await allOrNone([
    options.assembly ?? synthesize({ outdir: join(dataDir, 'cdk.out'), signal }),
    startEngines({ ...options, dataDir, webhookUrl }, closing),
  ]);
  signal?.throwIfAborted();
  const { tables, queues, secrets, logs, issuer, anycheck, endpoints } = engines;

  const assembly = await readAssembly(assemblyDirectory, { [ANYCHECK_TO_BE_TOLD]: anycheck.url });
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
  const subscriptions = startSubscriptions(stack, functions, queues.client);
  listener.serve(createApi(stack, functions, createKeysOf(issuer.keys)));
  const eventSources = startEventSources(stack, queues.client, functions);
  const stopSchedules = startSchedules(stack, functions, options.sweepSeconds ?? 10);
  closing.defer(async () => {
    stopSchedules();
    const functionsEnd = async () => {
      await functions.close(GRACE, subscriptions.destinations);
      await subscriptions.close(LAST_LINES);
    };
    await Promise.all([listener.close(GRACE + 500), eventSources.close(), functionsEnd()]);
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
