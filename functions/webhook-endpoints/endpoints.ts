import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { mapLimit } from '../domain/map-limit.ts';
import { deleteEndpoint, findEndpoint, updateEndpoint } from '../domain/webhooks/change-endpoint.ts';
import { countDeliveries } from '../domain/webhooks/count-deliveries.ts';
import { createEndpoint, rotateSecret, type SecretDeps } from '../domain/webhooks/create-endpoint.ts';
import { testView } from '../domain/webhooks/delivery-view.ts';
import { endpointDetails, endpointView } from '../domain/webhooks/endpoint-view.ts';
import type { DeliveryLog } from '../domain/webhooks/ports.ts';
import { type TestDeps, testEndpoint } from '../domain/webhooks/test-endpoint.ts';
import { endpoint } from '../runtime/api.ts';
import { invalidField } from '../runtime/rest/api-error.ts';
import { json } from '../runtime/rest/json.ts';
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookEndpoints,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from './routes.ts';

interface Deps extends SecretDeps, Omit<TestDeps, 'endpoints' | 'log'> {
  readonly log: Pick<DeliveryLog, 'list' | 'existing' | 'countTest'>;
  /** Checks a URL. @returns what is wrong with it, as the predicate of a sentence; undefined for an allowed one. */
  readonly urlFault: (url: string) => string | undefined;
}

/** Endpoints that are read in parallel. */
const PARALLEL = 10;

/** The handlers of the routes of webhook endpoints. */
export const endpoints = (deps: Deps) => [
  endpoint(createWebhookEndpoint, async ({ body, event }) => {
    const url = allowedUrl(deps, body.url, event);
    const settings = { url, description: body.description, eventTypes: body.event_types };
    const { secret, ...found } = await createEndpoint(deps, settings, event.requestContext.requestId);
    return json(createWebhookEndpoint, 201, { ...endpointView(found), secret });
  }),
  endpoint(listWebhookEndpoints, async () => {
    const found = await mapLimit(await deps.endpoints.list(), PARALLEL, ({ id }) => deps.endpoints.get(id));
    // One that is gone was deleted meanwhile.
    return json(listWebhookEndpoints, 200, { items: found.flatMap((one) => (one ? [endpointView(one)] : [])) });
  }),
  endpoint(getWebhookEndpoint, async ({ parameters: { endpoint_id: id } }) => {
    const found = await findEndpoint(deps, id);
    return json(getWebhookEndpoint, 200, endpointDetails(found, await countDeliveries(deps.log, id, deps.now())));
  }),
  endpoint(updateWebhookEndpoint, async ({ parameters, body, event }) => {
    const settings = {
      url: body.url === undefined ? undefined : allowedUrl(deps, body.url, event),
      description: body.description,
      eventTypes: body.event_types,
      isEnabled: body.enabled,
    };
    const found = await updateEndpoint(deps, parameters.endpoint_id, settings, event.requestContext.requestId);
    return json(updateWebhookEndpoint, 200, endpointView(found));
  }),
  endpoint(deleteWebhookEndpoint, async ({ parameters, event }) => {
    await deleteEndpoint(deps, parameters.endpoint_id, event.requestContext.requestId);
    return { status: 204 };
  }),
  endpoint(rotateWebhookSecret, async ({ parameters, event }) => {
    const { secret, previousEndsAt } = await rotateSecret(deps, parameters.endpoint_id, event.requestContext.requestId);
    return json(rotateWebhookSecret, 200, { secret, previous_ends_at: new Date(previousEndsAt).toISOString() });
  }),
  endpoint(testWebhookEndpoint, async ({ parameters }) =>
    json(testWebhookEndpoint, 200, testView(await testEndpoint(deps, parameters.endpoint_id))),
  ),
];

/**
 * Returns the URL in its normal form. The host name of this call is one of the service's own, also where no setting
 * names it.
 * @throws ApiError 400 for a URL that no endpoint may have.
 */
function allowedUrl({ urlFault }: Pick<Deps, 'urlFault'>, text: string, event: APIGatewayProxyEventV2): string {
  const fault = urlFault(text);
  if (fault !== undefined) throw invalidField('url', fault);
  const { protocol, hostname, href } = new URL(text);
  // On a laptop, the service and the endpoint share a host name, and the URL is not https.
  if (protocol === 'https:' && hostname === event.requestContext.domainName.toLowerCase()) {
    throw invalidField('url', 'must not have a host name of this service');
  }
  return href;
}
