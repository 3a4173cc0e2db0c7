import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Env as AnyCheckWebhookEnv } from '../functions/anycheck-webhook/env.ts';
import type { Env as ApiKeysEnv } from '../functions/api-keys/env.ts';
import type { Env as ErasureEnv } from '../functions/erasure/env.ts';
import type { Env as GroupsEnv } from '../functions/groups/env.ts';
import type { Env as HealthEnv } from '../functions/health/env.ts';
import type { Env as HealthDeepEnv } from '../functions/health-deep/env.ts';
import type { Env as HistoryEnv } from '../functions/history/env.ts';
import type { Env as RefreshEnv } from '../functions/refresh/env.ts';
import type { Env as SweepEnv } from '../functions/sweep/env.ts';
import type { Env as VerificationsEnv } from '../functions/verifications/env.ts';
import type { Env as WebhookEndpointsEnv } from '../functions/webhook-endpoints/env.ts';
import type { Env as WhoamiEnv } from '../functions/whoami/env.ts';
import { Api } from './api/api.ts';
import { deployedRoutes } from './api/deployed-routes.ts';
import { docs } from './api/docs.ts';
import { ownDomainOf } from './api/own-domain.ts';
import { AuditLog } from './audit-log.ts';
import { consoleLambda, consoleLoginOf } from './console/console.ts';
import { EventBus } from './events/event-bus.ts';
import { identityOf } from './identity/identity.ts';
import { type Capability, configuration, Lambda, merge } from './lambda.ts';
import { alarmThresholds } from './monitoring/alarm-thresholds.ts';
import { Alarms } from './monitoring/alarms.ts';
import { dashboard } from './monitoring/dashboard.ts';
import type { Watched } from './monitoring/watched.ts';
import type { Outputs } from './outputs.ts';
import { REFRESH_TIMEOUT, RefreshQueue } from './refresh/refresh-queue.ts';
import { SweepSchedule } from './refresh/sweep-schedule.ts';
import { AnyCheckCredentials } from './secrets/anycheck-credentials.ts';
import { AnyCheckWebhookSecret } from './secrets/anycheck-webhook-secret.ts';
import type { Settings } from './settings/settings.ts';
import { LedgerTable } from './storage/ledger-table.ts';
import { SnapshotTable } from './storage/snapshot-table.ts';
import { webhooks as webhooksOf } from './webhooks/webhooks.ts';

/** One stage of the service, in one stack. */
export class SnapshotsStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly settings: Settings }) {
    super(scope, id, props);
    const { settings } = props;
    const removalPolicy = settings.removal_policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const logRetention = settings.log_retention_days;

    const snapshots = new SnapshotTable(this, 'Snapshots', { removalPolicy });
    const ledger = new LedgerTable(this, 'Ledger', { removalPolicy });
    const refreshQueue = new RefreshQueue(this, 'RefreshQueue');
    const events = new EventBus(this, 'Events', {
      name: this.stackName,
      archiveDays: settings.event_archive_days,
    });
    const anycheck = new AnyCheckCredentials(this, 'AnyCheck', { baseUrl: settings.anycheck_base_url, removalPolicy });
    const anycheckWebhookSecret = new AnyCheckWebhookSecret(this, 'WebhookSecret', { removalPolicy });
    const identity = identityOf(this, 'Identity', settings);

    const retention = configuration({ RETENTION_DAYS: String(settings.retention_days) });
    const groupRetention = configuration({ GROUP_RETENTION_DAYS: String(settings.group_retention_days ?? '') });
    const budget = configuration({
      ANYCHECK_MAX_RPS: String(settings.anycheck_max_rps),
      BUDGET_SHARE: String(settings.budget_share),
    });
    const keyChecker = merge(
      snapshots.keyChecker(),
      configuration({ API_KEY_CACHE_SECONDS: String(settings.api_key_cache_seconds) }),
    );
    const caller = merge(
      snapshots.publisher(),
      snapshots.anycheckRows(),
      anycheck.caller(),
      refreshQueue.sender(),
      refreshQueue.delayedSender(),
      budget,
      retention,
      groupRetention,
    );
    const worker = new Lambda(this, 'Refresh', {
      folder: 'refresh',
      uses: merge(
        caller,
        ledger.writer(),
        events.announcer(),
        snapshots.grantBusRecord(),
      ) satisfies Capability<RefreshEnv>,
      timeout: REFRESH_TIMEOUT,
      memory: 1024,
      logRetention,
    });
    refreshQueue.feeds(worker, settings.refresh_concurrency);

    const domain = ownDomainOf(this, 'Domain', settings);
    const webhooks = webhooksOf(this, {
      settings,
      events,
      snapshots,
      ownHosts: [...(settings.domain_name === undefined ? [] : [settings.domain_name]), ...identity.hosts],
      removalPolicy,
      logRetention,
    });

    const sweep = new Lambda(this, 'Sweep', {
      folder: 'sweep',
      uses: merge(
        snapshots.dueReader(),
        snapshots.grantExpireSettled(),
        snapshots.budgetReader(),
        snapshots.grantSweepRecord(),
        snapshots.keyCounter(),
        refreshQueue.sender(),
        webhooks.sender(),
        budget,
        groupRetention,
      ) satisfies Capability<SweepEnv>,
      timeout: Duration.seconds(50),
      memory: 512,
      logRetention,
    });
    new SweepSchedule(this, 'SweepSchedule', { sweep, minutes: settings.sweep_minutes });

    const verifications = new Lambda(this, 'Verifications', {
      folder: 'verifications',
      uses: merge(
        caller,
        identity.callers(),
        keyChecker,
        snapshots.quotas(),
        configuration({
          UNKNOWN_READS_PER_MINUTE: String(settings.unknown_reads_per_minute),
          NEW_GROUPS_PER_DAY: String(settings.new_groups_per_day),
          FRESH_ACTIVE_SECONDS: String(settings.fresh_seconds.active),
          FRESH_WAITING_SECONDS: String(settings.fresh_seconds.waiting),
          FRESH_SETTLED_SECONDS: String(settings.fresh_seconds.settled),
        }),
      ) satisfies Capability<VerificationsEnv>,
      timeout: Duration.seconds(25),
      memory: 1024,
      logRetention,
    });

    const { late, unswept } = alarmThresholds(settings.sweep_minutes);
    const { openapi_public: isOpenapiPublic } = settings;
    const consoleLogin = consoleLoginOf(settings);
    const routes = deployedRoutes({
      hasLogin: identity.login !== undefined,
      isOpenapiPublic,
      hasConsole: consoleLogin !== undefined,
    });
    const api = new Api(this, 'Api', {
      domain: domain?.name,
      defaultEndpoint: settings.default_endpoint,
      identity,
      routes,
      throttle: { rps: settings.throttle_rps, burst: settings.throttle_burst },
      logRetention,
      lambdas: {
        verifications,
        groups: new Lambda(this, 'Groups', {
          folder: 'groups',
          uses: merge(
            identity.callers(),
            keyChecker,
            snapshots.lister(),
            snapshots.quotas(),
            refreshQueue.sender(),
            configuration({ NEW_GROUPS_PER_DAY: String(settings.new_groups_per_day) }),
          ) satisfies Capability<GroupsEnv>,
          timeout: Duration.seconds(20),
          memory: 512,
          logRetention,
        }),
        history: new Lambda(this, 'History', {
          folder: 'history',
          uses: merge(identity.callers(), keyChecker, snapshots.historian()) satisfies Capability<HistoryEnv>,
          timeout: Duration.seconds(25),
          memory: 1024,
          logRetention,
        }),
        erasure: new Lambda(this, 'Erasure', {
          folder: 'erasure',
          uses: merge(
            identity.callers(),
            snapshots.eraser(),
            ledger.writer(),
            refreshQueue.sender(),
          ) satisfies Capability<ErasureEnv>,
          timeout: Duration.seconds(20),
          memory: 512,
          logRetention,
        }),
        auth:
          identity.login &&
          new Lambda(this, 'Auth', {
            folder: 'auth',
            uses: identity.login,
            timeout: Duration.seconds(10),
            memory: 512,
            logRetention,
          }),
        'anycheck-webhook': new Lambda(this, 'Webhook', {
          folder: 'anycheck-webhook',
          uses: merge(
            snapshots.grantRefreshRequests(),
            refreshQueue.sender(),
            anycheckWebhookSecret.reader(),
            configuration({
              RESULT_ID_POINTER: settings.webhook_result_id_pointer,
              SIGNATURE_HEADER: settings.webhook_signature_header ?? '',
              TIMESTAMP_HEADER: settings.webhook_timestamp_header ?? '',
              SIGNED_TEXT: settings.webhook_signed_text,
            }),
          ) satisfies Capability<AnyCheckWebhookEnv>,
          timeout: Duration.seconds(10),
          memory: 512,
          logRetention,
        }),
        'webhook-endpoints': new Lambda(this, 'WebhookEndpoints', {
          folder: 'webhook-endpoints',
          uses: merge(
            identity.callers(),
            snapshots.endpointManager(),
            webhooks.signer(),
            webhooks.sender(),
            events.announcer(),
          ) satisfies Capability<WebhookEndpointsEnv>,
          timeout: Duration.seconds(20),
          memory: 512,
          logRetention,
        }),
        'api-keys': new Lambda(this, 'ApiKeys', {
          folder: 'api-keys',
          uses: merge(identity.callers(), snapshots.keyManager()) satisfies Capability<ApiKeysEnv>,
          timeout: Duration.seconds(10),
          memory: 512,
          logRetention,
        }),
        docs: docs(this, { routes, callers: identity.callers(), isOpenapiPublic, logRetention }),
        console:
          consoleLogin &&
          consoleLambda(this, {
            login: consoleLogin,
            connectOrigins: settings.console_connect_origins ?? [],
            logRetention,
          }),
        whoami: new Lambda(this, 'Whoami', {
          folder: 'whoami',
          uses: identity.callers() satisfies Capability<WhoamiEnv>,
          timeout: Duration.seconds(5),
          memory: 512,
          logRetention,
        }),
        health: new Lambda(this, 'Health', {
          folder: 'health',
          uses: snapshots.sweepReader() satisfies Capability<HealthEnv>,
          timeout: Duration.seconds(5),
          memory: 512,
          logRetention,
        }),
        'health-deep': new Lambda(this, 'HealthDeep', {
          folder: 'health-deep',
          uses: merge(
            identity.callers(),
            snapshots.sweepReader(),
            snapshots.budgetReader(),
            snapshots.dueReader(),
            snapshots.busReader(),
            refreshQueue.deadLetterCounter(),
            webhooks.deadLetterCounter(),
            configuration({ LATE_SECONDS: String(late.toSeconds()), UNSWEPT_SECONDS: String(unswept.toSeconds()) }),
          ) satisfies Capability<HealthDeepEnv>,
          timeout: Duration.seconds(10),
          memory: 512,
          logRetention,
        }),
        'not-found': new Lambda(this, 'NotFound', {
          folder: 'not-found',
          uses: configuration({}),
          timeout: Duration.seconds(5),
          memory: 256,
          logRetention,
        }),
      },
    });

    const auditLog = new AuditLog(this, 'Audit', {
      retention: settings.audit_retention_days,
      removalPolicy,
      logRetention,
    });
    auditLog.subscribe(api.audited);

    const watched: Watched = {
      api,
      sweep,
      worker,
      refreshQueue,
      webhooks,
      auditLog,
      table: snapshots.table,
      sweepMinutes: settings.sweep_minutes,
    };
    const alarms = new Alarms(this, 'Alarms', { watched, topicArn: settings.alarm_topic_arn });
    const board = dashboard(this, this.stackName, { watched, alarms: alarms.all });
    if (settings.tracing) {
      for (const one of this.node.findAll()) if (one instanceof Lambda) one.trace();
    }

    const outputs: Outputs = {
      ...api.outputs,
      ...domain?.outputs,
      ...identity.outputs,
      DashboardUrl: { value: board, description: 'The dashboard in the CloudWatch console' },
      AnyCheckSecretArn: {
        value: anycheck.secretArn,
        description: 'The secret with the AnyCheck credentials. An operator stores its value',
      },
      WebhookSecretArn: {
        value: anycheckWebhookSecret.secretArn,
        description: 'The secret with the token in the webhook address',
      },
      TableName: { value: snapshots.table.tableName, description: 'The table of snapshots' },
      LedgerTableName: { value: ledger.table.tableName, description: 'The table of erasures and redactions' },
      EventBusName: {
        value: events.bus.eventBusName,
        description: 'The event bus that announces versions, erasures and redactions',
      },
      EventBusArn: {
        value: events.bus.eventBusArn,
        description: 'The ARN of the event bus, for policies and other accounts',
      },
      RefreshQueueUrl: { value: refreshQueue.queue.queueUrl, description: 'The queue of refreshes' },
      DeadLetterQueueUrl: {
        value: refreshQueue.deadLetters.queueUrl,
        description: 'The dead-letter queue of refreshes that failed repeatedly',
      },
      WebhookKeyringSecretArn: {
        value: webhooks.keyring.secretArn,
        description: 'The secret with the keys of webhook signing secrets',
      },
      DispatchQueueUrl: {
        value: webhooks.dispatchQueue.queue.queueUrl,
        description: 'The queue of events that become webhooks',
      },
      RuleDeadLetterQueueUrl: {
        value: webhooks.rule.deadLetters.queueUrl,
        description: 'The dead-letter queue of events that EventBridge could not send to DispatchQueueUrl',
      },
      DispatchDeadLetterQueueUrl: {
        value: webhooks.dispatchQueue.deadLetters.queueUrl,
        description: 'The dead-letter queue of events whose dispatch failed repeatedly',
      },
      DeliverDeadLetterQueueUrl: {
        value: webhooks.deliverQueue.deadLetters.queueUrl,
        description: 'The dead-letter queue of deliveries that ended their function repeatedly',
      },
      AuditLogGroupName: { value: auditLog.lines.logGroupName, description: 'The log group of the audit log' },
      AuditForwarderName: {
        value: auditLog.forwarder.fn.functionName,
        description: 'The function that writes the audit log',
      },
      AuditDeadLetterQueueUrl: {
        value: auditLog.deadLetters.queueUrl,
        description: 'The dead-letter queue of audit lines that the forwarder could not write',
      },
    };
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output);
  }
}
