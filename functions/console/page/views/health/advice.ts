import type { HealthReport } from './use-health.ts';

/** What an operator can do about a part that is not well. */
export interface Advice {
  readonly text: string;
  /** The heading of the runbook that goes on from here. */
  readonly runbook: string;
}

type Part = Exclude<keyof HealthReport, 'status' | 'error_code' | 'message'>;
type AnyCheck = HealthReport['anycheck'];

const UNKNOWN: Advice = {
  text: 'The service could not read this part. The log event health.unknown says why.',
  runbook: 'Health',
};

const LATE_WEBHOOKS: Advice = {
  text: 'Webhooks arrive late, and none is lost. Look for a slow receiver, or raise delivery_concurrency.',
  runbook: 'Webhooks are late',
};

const DEAD_WEBHOOKS: Advice = {
  text: 'Messages of webhooks were set aside. Remove the cause, then send them back.',
  runbook: 'Dead letters of webhooks',
};

const NOT_WELL: { readonly [One in Part]: (part: HealthReport[One]) => Advice } = {
  table: () => ({
    text: 'The service cannot read its table, so reads fail. Check DynamoDB in this region, and the deployment.',
    runbook: 'Health',
  }),
  anycheck,
  oldest_due: () => ({
    text: 'Groups wait longer than the schedule explains. First see whether AnyCheck fails, then whether more groups are due than its limit allows.',
    runbook: 'Refreshes are late',
  }),
  announcements: () => ({
    text: 'Events wait for the event bus. The service sends them again until it accepts them, and none is lost.',
    runbook: 'Events are late',
  }),
  dead_letters: () => ({
    text: 'Refreshes of a group ended their workers. Remove the cause, then send the messages back.',
    runbook: 'Dead letters',
  }),
  webhooks: ({ dead_letters }) => (dead_letters ? DEAD_WEBHOOKS : LATE_WEBHOOKS),
  last_sweep: ({ ended_at }) => ({
    text:
      ended_at === null
        ? 'No sweep has ended yet. After a deployment, the first one comes within minutes.'
        : 'Only groups that are read are refreshed. Look for errors in the log of Sweep, and whether its schedule is enabled.',
    runbook: 'No sweep completes',
  }),
};

function anycheck({ circuit, reason, credentials_refused }: AnyCheck): Advice {
  if (credentials_refused) {
    return {
      text: 'AnyCheck refuses the credentials. Check the account, then store new ones.',
      runbook: 'New AnyCheck credentials',
    };
  }
  return { text: outage(circuit, reason), runbook: 'Reads return 503, or groups stop changing' };
}

function outage(circuit: AnyCheck['circuit'], reason: AnyCheck['reason']): string {
  if (circuit === 'closed') {
    return 'AnyCheck’s rate limit pauses all calls. They go on by themselves.';
  }
  if (reason === 'QUOTA_EXCEEDED') {
    return 'The usage limit of the account’s plan is used up. Raise it at AnyCheck, or wait for the next month.';
  }
  return 'AnyCheck sends nothing usable. The service sends one probe in 10 seconds, and goes on by itself.';
}

/** Returns what to do about a part; undefined where it is well. */
export function adviceFor<One extends Part>(name: One, part: HealthReport[One]): Advice | undefined {
  if (part.status === 'ok') return undefined;
  return part.status === 'unknown' ? UNKNOWN : NOT_WELL[name](part);
}
