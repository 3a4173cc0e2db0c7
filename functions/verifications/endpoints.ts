import { type ListDeps, listVerifications as listSnapshot } from '../domain/read/list-verifications.ts';
import type { Quota } from '../domain/read/quota.ts';
import { endpoint } from '../runtime/api.ts';
import { logQueueFault, logRefresh } from '../runtime/log/refresh-log.ts';
import { header } from '../runtime/rest/http-event.ts';
import { listRequest } from './list-query.ts';
import type { ReadCounts } from './read-counts.ts';
import { listReply } from './reply.ts';
import { listVerifications } from './routes.ts';

/**
 * ms after a request's arrival at the gateway for which it waits for AnyCheck, so that each answer is complete within
 * 10 s.
 */
const DEADLINE_MS = 9_000;

type Callback = 'onRead' | 'onRefresh' | 'onQueueFault';
interface Deps extends Omit<ListDeps, 'unknownReads' | 'newGroups' | Callback> {
  readonly unknownReadsOf: (caller: string) => Quota;
  readonly newGroupsOf: (caller: string) => Quota;
}

/** The handler of the read route. */
export function endpoints({ unknownReadsOf, newGroupsOf, ...deps }: Deps, reads: ReadCounts) {
  const callbacks: Pick<ListDeps, Callback> = {
    onRead: reads.onRead,
    onRefresh: logRefresh,
    onQueueFault: logQueueFault,
  };
  return [
    endpoint(listVerifications, async ({ query, event, caller }) => {
      const request = listRequest(query, header(event, 'cache-control'));
      const until = Math.min(event.requestContext.timeEpoch, Date.now()) + DEADLINE_MS;
      const deadline = () => AbortSignal.timeout(Math.max(1, until - Date.now()));
      const callerQuotas = { unknownReads: unknownReadsOf(caller.who), newGroups: newGroupsOf(caller.who) };
      const listed = await listSnapshot({ ...deps, ...callbacks, ...callerQuotas }, request, deadline);
      reads.onServed(listed);
      const negotiation = {
        ifNoneMatch: header(event, 'if-none-match'),
        ifModifiedSince: header(event, 'if-modified-since'),
      };
      return listReply(listed, request, negotiation, deps.now());
    }),
  ];
}
