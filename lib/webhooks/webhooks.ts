import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Env as DeliverEnv } from '../../functions/deliver/env.ts';
import type { Env as DispatchEnv } from '../../functions/dispatch/env.ts';
import type { SenderEnv } from '../../functions/runtime/webhook-env.ts';
import type { EventBus } from '../events/event-bus.ts';
import { type Capability, configuration, Lambda, merge } from '../lambda.ts';
import { WebhookKeyring } from '../secrets/webhook-keyring.ts';
import type { Settings } from '../settings/settings.ts';
import type { SnapshotTable } from '../storage/snapshot-table.ts';
import { DispatchRule } from './dispatch-rule.ts';
import { WorkQueue } from './work-queue.ts';

/** How long a dispatch or a delivery may run. A delivery has 15 s for its request, and the rest for its records. */
const TIMEOUT = Duration.seconds(30);
/**
 * Lambda requires at least the timeout. Three times as much covers an invocation that Lambda throttled first, and a
 * message of a function that crashed is back within minutes.
 */
const VISIBILITY = Duration.seconds(90);
/** Longer than a fault of AWS that keeps the functions from running. */
const RETENTION = Duration.days(4);
/**
 * A dispatch fails only while AWS fails, and the event has no other way to the endpoints: so its message comes again for
 * a day, and needs no operator after a shorter fault.
 */
const DISPATCH_MAX_RECEIVES = 1_000;
/** The record of a delivery also says when it is due, so a message may give up early. */
const DELIVER_MAX_RECEIVES = 3;
/** Events that are dispatched at once: as few as Lambda accepts. Each takes some 50 ms, so these are 40 a second. */
const DISPATCH_CONCURRENCY = 2;
/** The part of all deliveries that go to one endpoint at once, at most: 1 / this. */
const ENDPOINT_SHARE = 4;

export interface WebhooksProps {
  readonly settings: Settings;
  readonly events: EventBus;
  readonly snapshots: SnapshotTable;
  /** Host names of this service, which no endpoint may have. */
  readonly ownHosts: readonly string[];
  readonly removalPolicy: RemovalPolicy;
  readonly logRetention: RetentionDays;
}

/** The delivery of events to webhook endpoints. */
export interface Webhooks {
  readonly dispatch: Lambda;
  readonly deliver: Lambda;
  readonly rule: DispatchRule;
  readonly dispatchQueue: WorkQueue;
  readonly deliverQueue: WorkQueue;
  readonly keyring: WebhookKeyring;
  /** For the functions that queue deliveries. */
  sender(): Capability<{ DELIVER_QUEUE_URL: string }>;
  /** For the functions that encrypt or sign: the keyring, and the addresses that endpoints may have. */
  signer(): Capability<Record<keyof typeof SenderEnv, string>>;
  /** For the function that reports the number of dead letters. */
  deadLetterCounter(): Capability<DeadLetterEnv>;
}

interface DeadLetterEnv {
  readonly RULE_DEAD_LETTER_QUEUE_URL: string;
  readonly DISPATCH_DEAD_LETTER_QUEUE_URL: string;
  readonly DELIVER_DEAD_LETTER_QUEUE_URL: string;
}

/**
 * A rule of the event bus feeds the dispatch queue. The dispatch function adds a delivery for each endpoint that
 * subscribes to the event, and queues it. The deliver function sends it.
 */
export function webhooks(scope: Construct, props: WebhooksProps): Webhooks {
  const { settings, events, snapshots, removalPolicy, logRetention } = props;
  const queueProps = { visibility: VISIBILITY, retention: RETENTION };
  const dispatchQueue = new WorkQueue(scope, 'DispatchQueue', { ...queueProps, maxReceives: DISPATCH_MAX_RECEIVES });
  const deliverQueue = new WorkQueue(scope, 'DeliverQueue', { ...queueProps, maxReceives: DELIVER_MAX_RECEIVES });
  const rule = new DispatchRule(scope, 'DispatchRule', { bus: events.bus, queue: dispatchQueue.queue });
  const keyring = new WebhookKeyring(scope, 'WebhookKeyring', { removalPolicy });

  const sender: Webhooks['sender'] = () => ({
    env: { DELIVER_QUEUE_URL: deliverQueue.queue.queueUrl },
    grant: (fn) => void deliverQueue.queue.grant(fn, 'sqs:SendMessage'),
  });
  const signer: Webhooks['signer'] = () =>
    merge(
      keyring.reader(),
      configuration({
        WEBHOOK_ALLOWED_HOSTS: (settings.webhook_allowed_hosts ?? []).join(),
        WEBHOOK_ALLOWED_PORTS: settings.webhook_allowed_ports.join(),
        WEBHOOK_ALLOW_LOOPBACK: String(settings.webhook_allow_loopback),
        OWN_HOSTS: props.ownHosts.join(),
      }),
    );

  const dispatch = new Lambda(scope, 'Dispatch', {
    folder: 'dispatch',
    uses: merge(snapshots.dispatcher(), sender()) satisfies Capability<DispatchEnv>,
    timeout: TIMEOUT,
    memory: 512,
    logRetention,
  });
  dispatchQueue.feeds(dispatch, DISPATCH_CONCURRENCY);

  const { delivery_concurrency: concurrency } = settings;
  const deliver = new Lambda(scope, 'Deliver', {
    folder: 'deliver',
    uses: merge(
      snapshots.deliverer(),
      signer(),
      sender(),
      events.announcer(),
      configuration({ SLOTS_PER_ENDPOINT: String(Math.max(1, Math.floor(concurrency / ENDPOINT_SHARE))) }),
    ) satisfies Capability<DeliverEnv>,
    timeout: TIMEOUT,
    memory: 512,
    logRetention,
  });
  deliverQueue.feeds(deliver, concurrency);

  const deadLetterCounter: Webhooks['deadLetterCounter'] = () => ({
    env: {
      RULE_DEAD_LETTER_QUEUE_URL: rule.deadLetters.queueUrl,
      DISPATCH_DEAD_LETTER_QUEUE_URL: dispatchQueue.deadLetters.queueUrl,
      DELIVER_DEAD_LETTER_QUEUE_URL: deliverQueue.deadLetters.queueUrl,
    },
    grant(fn) {
      for (const { deadLetters } of [rule, dispatchQueue, deliverQueue]) {
        deadLetters.grant(fn, 'sqs:GetQueueAttributes');
      }
    },
  });
  return { dispatch, deliver, rule, dispatchQueue, deliverQueue, keyring, sender, signer, deadLetterCounter };
}
