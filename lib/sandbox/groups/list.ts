import { notFound } from '../api-error.ts';
import type { Call, SandboxContext } from '../context.ts';
import { underFault } from '../faults/fault-injection.ts';
import { type Reply, sourceReply } from '../reply.ts';
import { parseListQuery } from './list-query.ts';
import { renderVerification } from './verification.ts';

/** `GET /verifications`: returns one page of a group, as AnyCheck does. */
export async function listVerifications(context: SandboxContext, call: Call): Promise<Reply> {
  const { resultId, pageOffset, pageSize } = parseListQuery(call.url.searchParams);
  return underFault(context, { route: 'list', resultId, pageOffset, pageSize }, (hooks) => {
    const now = context.now() - context.store.data.webhooks.leadMs;
    const known = context.catalogue.lagging(resultId, context.now()) ?? context.catalogue.listing(resultId, now);
    if (known === undefined) throw notFound(`result ${resultId}`);
    const listing = hooks.listing?.(known) ?? known;
    const items = listing.verifications
      .slice(pageOffset, pageOffset + pageSize)
      .map((verification) => renderVerification(verification, now, listing.signLinks));
    const { total, overallStatus } = listing;
    const page = hooks.page?.({ total, overallStatus, items }, known) ?? { total, overallStatus, items };
    const source = `{"total":${page.total},"overall_status":${page.overallStatus},"items":[${page.items.join(',')}]}`;
    return sourceReply(200, source);
  });
}
