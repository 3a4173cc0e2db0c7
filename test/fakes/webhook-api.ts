import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { StoredEvent } from '../../functions/domain/events/event-bus.ts';
import type { AttemptResult } from '../../functions/domain/webhooks/delivery.ts';
import type { DeliverMessage, WebhookSender } from '../../functions/domain/webhooks/ports.ts';
import { type Route, routeKey } from '../../functions/route.ts';
import { api } from '../../functions/runtime/api.ts';
import { deliveryEndpoints } from '../../functions/webhook-endpoints/delivery-endpoints.ts';
import { endpoints } from '../../functions/webhook-endpoints/endpoints.ts';
import { CLAIMS } from './claims.ts';
import { httpEvent, lambdaContext } from './http-event.ts';
import { openBox, webhookStore } from './webhook-store.ts';

export const NOW = Date.UTC(2026, 10, 29, 0, 6, 41, 333);

interface Call {
  readonly id?: string;
  readonly deliveryId?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly role?: string;
}

/** The function of webhook endpoints on a store in memory, with a clock, a bus, a queue and a sender that tests control. */
export function webhookApi() {
  const clock = { now: NOW };
  const sent: StoredEvent[] = [];
  const bus: { answer: () => Promise<readonly boolean[]> } = { answer: async () => [true] };
  const queued: DeliverMessage[] = [];
  const requests: Parameters<WebhookSender['send']>[0][] = [];
  const receiver: { answer: AttemptResult } = {
    answer: { answer: 204, durationMs: 12, retryAfterSeconds: undefined },
  };
  const unannounced: unknown[] = [];
  const store = webhookStore();
  let made = 0;
  const deps = {
    endpoints: store.endpoints,
    log: store.log,
    bus: {
      async send(events: readonly StoredEvent[]) {
        sent.push(...events);
        return bus.answer();
      },
    },
    queue: { send: async (messages: readonly DeliverMessage[]) => void queued.push(...messages) },
    sender: {
      async send(request: (typeof requests)[number]) {
        requests.push(request);
        return receiver.answer;
      },
    },
    box: openBox,
    urlFault: (url: string) => (url.startsWith('https://') ? undefined : 'must be an https URL'),
    newSecret: () => `whsec_${Buffer.alloc(32, ++made).toString('base64')}`,
    randomId: () => String(++made).padStart(22, 'a'),
    onUnannounced: (_: unknown, error: unknown) => void unannounced.push(error),
    now: () => clock.now,
  };
  const handler = api([...endpoints(deps), ...deliveryEndpoints(deps)], CLAIMS);

  /** Calls a route. @returns its status, its headers and its body as JSON. */
  async function call(route: Route, { id, deliveryId, query = {}, body, role = 'admin' }: Call = {}) {
    const parts: Partial<APIGatewayProxyEventV2> = {
      routeKey: routeKey(route),
      pathParameters: { ...(id && { endpoint_id: id }), ...(deliveryId && { delivery_id: deliveryId }) },
      rawQueryString: String(new URLSearchParams(query)),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const event = httpEvent(parts, { sub: 'm1', client_id: 'm1', scope: `anycheck-snapshots/${role}` });
    event.requestContext.http.method = route.method;
    event.requestContext.domainName = 'api.example.com';
    const answer = await handler(event, lambdaContext());
    const parsed: unknown = answer.body === undefined ? undefined : JSON.parse(answer.body);
    return { status: answer.statusCode, headers: answer.headers ?? {}, body: parsed, text: answer.body ?? '' };
  }

  return { clock, bus, sent, queued, requests, receiver, unannounced, store, call };
}
