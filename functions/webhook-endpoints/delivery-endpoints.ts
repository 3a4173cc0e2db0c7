import * as z from 'zod/mini';
import { findEndpoint } from '../domain/webhooks/change-endpoint.ts';
import { type DeliverAgainDeps, recoverEndpoint, resendDelivery } from '../domain/webhooks/deliver-again.ts';
import { DELIVERY_ID, KEPT_MS } from '../domain/webhooks/delivery.ts';
import { deliveryView } from '../domain/webhooks/delivery-view.ts';
import { listDeliveries } from '../domain/webhooks/list-deliveries.ts';
import type { DeliveryLog } from '../domain/webhooks/ports.ts';
import { endpoint } from '../runtime/api.ts';
import { invalidField } from '../runtime/rest/api-error.ts';
import { cursorOf, positionIn } from '../runtime/rest/cursor.ts';
import { json } from '../runtime/rest/json.ts';
import { listWebhookDeliveries, recoverWebhookDeliveries, resendWebhookDelivery } from './delivery-routes.ts';

interface Deps extends DeliverAgainDeps {
  readonly log: DeliveryLog;
}

/** The position of a listing: the last delivery that was read. */
const Position = z.strictObject({ before: z.string().check(z.regex(DELIVERY_ID)) });

/** The handlers of the routes of deliveries. */
export const deliveryEndpoints = (deps: Deps) => [
  endpoint(listWebhookDeliveries, async ({ parameters: { endpoint_id: id }, query }) => {
    const before = query.cursor === undefined ? undefined : positionIn(query.cursor, Position).before;
    await findEndpoint(deps, id);
    const filter = { status: query.status, resultId: query.result_id };
    const page = await listDeliveries(deps.log, id, filter, { before, limit: query.limit, now: deps.now() });
    const next = page.next === undefined ? null : cursorOf({ before: page.next });
    return json(listWebhookDeliveries, 200, { items: page.found.map(deliveryView), next_cursor: next });
  }),
  endpoint(resendWebhookDelivery, async ({ parameters }) => {
    await resendDelivery(deps, parameters.endpoint_id, parameters.delivery_id);
    return json(resendWebhookDelivery, 202, { accepted: true });
  }),
  endpoint(recoverWebhookDeliveries, async ({ parameters, body: { since } }) => {
    const agoMs = deps.now() - since;
    if (agoMs < 0) throw invalidField('since', 'must not be in the future');
    if (agoMs > KEPT_MS) throw invalidField('since', 'must be at most 30 days ago');
    await recoverEndpoint(deps, parameters.endpoint_id, since);
    return json(recoverWebhookDeliveries, 202, { accepted: true });
  }),
];
