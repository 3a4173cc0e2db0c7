import { Facts } from '../../parts/facts.tsx';
import { Status } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import type { Group } from '../groups/group-pages.ts';
import { StatusBar } from '../groups/status-bar.tsx';
import { Failure } from './failure.tsx';

/** The state of a group. */
export function GroupSummary({ group }: { readonly group: Group }) {
  const facts = [
    ['Overall status', group.version === null ? 'not fetched yet' : <Status status={group.overall_status} />],
    ['Phase', group.phase],
    ['Version', group.version ?? 'none'],
    ['Items', <StatusBar key="items" counts={group.status_counts} />],
    ['Last change', <Time key="change" at={group.last_change} />],
    ['Confirmed by AnyCheck', <Time key="confirmed" at={group.last_success} />],
    ['Last refresh', <Time key="attempt" at={group.last_attempt} />],
    ['Next refresh', <Time key="next" at={group.next_refresh} none="on request" />],
    ['Failing', <Failure key="failing" group={group} />],
    ['First seen', <Time key="first" at={group.first_seen} />],
    ['Redacted', group.redacted ? 'yes' : 'no'],
  ] as const;
  return <Facts facts={facts} />;
}
