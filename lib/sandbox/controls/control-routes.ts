import { ApiError, answered, parseBody, parseJson } from '../api-error.ts';
import { faultKinds } from '../faults/faults.ts';
import { FIXTURE_GROUPS } from '../groups/groups.ts';
import { jsonReply, type Reply } from '../reply.ts';
import type { Route } from '../routes.ts';
import {
  type FaultRequest,
  faultRequestSchema,
  type LimitsRequest,
  limitsRequestSchema,
  type WebhooksRequest,
  webhooksRequestSchema,
} from './control-requests.ts';
import type { Controls } from './controls.ts';

/** A control route with its description, which `GET /_sandbox` returns. */
export interface ControlRoute extends Route {
  about: string;
  /** A body that the route accepts, with every member that it knows. */
  body?: object;
}

const LIST = '/_sandbox';

export const isControlPath = (path: string): boolean => path === LIST || path.startsWith(`${LIST}/`);

/** Answers a request to the control API. Its errors name the route that lists all of them. */
export const answerControl = (answer: () => Promise<Reply>): Promise<Reply> =>
  answered(() =>
    answer().catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      const { status, code, message, errors } = error;
      throw new ApiError(status, code, `${message}; GET ${LIST} lists the control routes`, errors);
    }),
  );

/** One line per control route, for a terminal. */
export const controlLines = (controls: Controls): string[] =>
  controlRoutes(controls).map(({ method, path, about }) => `${method.padEnd(6)} ${path.padEnd(28)} ${about}`);

/**
 * The control API, with which tests change the sandbox's behaviour. It needs no authentication and is not part of
 * AnyCheck.
 *
 * - `GET /_sandbox` lists these routes, each with an example of its body.
 * - `PUT /_sandbox/groups/{result_id}` with `{ "items": [...] }` sets a group verbatim: the sandbox serves every digit
 *   and the order of keys as sent. `overall_status` (default: derived from the items) and `total` (default: their
 *   number) may have any value. Links are served as sent, unless `"sign_links": true`.
 * - `DELETE /_sandbox/groups/{result_id}` removes a group. A removed fixture returns at the next reset.
 * - `POST /_sandbox/faults` queues one fault or a list of them, `{ "kind": "hang", ... }`. A fault skips `after` (0)
 *   matching calls, then hits the next `times` (1). A call matches by `route` (list; login and refresh for transport
 *   faults), by `result_id` where set, and by `pages`: first (offset 0), later or any. `delay_ms` delays the answer.
 *   The first queued match applies.
 * - `GET /_sandbox/faults` lists the queued faults and the kinds; `DELETE` empties the queue.
 * - `PUT /_sandbox/limits` with `{ "limit": 5, "window_seconds": 1, "announce": true }`; `"limit": null` for none.
 * - `PUT /_sandbox/webhooks` with `{ "delivery": "on", "delay_ms": 0, "lead_ms": 0 }` sets how webhooks of status
 *   changes are delivered from now on: "on", "lost" or "doubled". They go to their item's `webhook_url`, which must be
 *   on this machine. The list shows a change `lead_ms` after it was made, so its webhook comes first.
 * - `GET /_sandbox/calls` counts calls per route and lists them; `DELETE` clears calls and deliveries.
 * - `GET /_sandbox/deliveries` lists the webhooks and their outcomes.
 * - `DELETE /_sandbox/session` ends the live session, as a login from another device does.
 * - `POST /_sandbox/reset` restarts all life cycles now, and restores the default groups, limits and webhook delivery
 *   without faults.
 */
export function controlRoutes(controls: Controls): ControlRoute[] {
  const done = (change: () => void): Reply => {
    change();
    return { status: 204, headers: {}, body: '' };
  };
  const groups = () => FIXTURE_GROUPS.map(({ resultId, name, about }) => ({ result_id: resultId, name, about }));
  const route = (
    method: string,
    path: string,
    about: string,
    answer: Route['answer'],
    body?: object,
  ): ControlRoute => ({ method, path: path === '' ? LIST : `${LIST}/${path}`, about, answer, ...(body && { body }) });
  const routes: ControlRoute[] = [
    route('GET', '', 'list these routes, with examples of their bodies', () =>
      jsonReply(
        200,
        routes.map(({ method, path, about, body }) => ({ method, path, about, body })),
      ),
    ),
    route('GET', 'groups', 'list the fixture groups', () => jsonReply(200, groups())),
    route(
      'PUT',
      'groups/:result_id',
      'set a group verbatim',
      ({ params, body }) => done(() => controls.setGroup(params.result_id ?? '', body)),
      { items: [{ id: 'a', status: 'COMPLETED' }], overall_status: 'COMPLETED', total: 1, sign_links: false },
    ),
    route('DELETE', 'groups/:result_id', 'remove a group', ({ params }) =>
      done(() => controls.dropGroup(params.result_id ?? '')),
    ),
    route('GET', 'faults', 'list queued faults and the kinds of fault', () =>
      jsonReply(200, { queued: controls.faults(), kinds: faultKinds() }),
    ),
    route(
      'POST',
      'faults',
      'queue a fault, or a list of them; GET lists the kinds',
      ({ body }) => done(() => controls.addFaults(...faultRequests(parseJson(body)))),
      FAULT,
    ),
    route('DELETE', 'faults', 'remove all queued faults', () => done(controls.clearFaults)),
    route(
      'PUT',
      'limits',
      'set the rate limit; null for none',
      ({ body }) => done(() => controls.setLimits(parseBody(limitsRequestSchema, parseJson(body)))),
      LIMITS,
    ),
    route(
      'PUT',
      'webhooks',
      'set the delay and the delivery of webhooks: on, lost or doubled',
      ({ body }) => done(() => controls.setWebhooks(parseBody(webhooksRequestSchema, parseJson(body)))),
      WEBHOOKS,
    ),
    route('GET', 'deliveries', 'list webhooks so far', () => jsonReply(200, controls.deliveries())),
    route('GET', 'calls', 'count and list calls so far', () => jsonReply(200, controls.calls())),
    route('DELETE', 'calls', 'clear the lists of calls and webhooks', () => done(controls.clearCalls)),
    route('DELETE', 'session', 'end the live session', () => done(controls.endSession)),
    route('POST', 'reset', 'restart all life cycles', () => done(controls.reset)),
  ];
  return routes;
}

const FAULT = {
  kind: 'status',
  status: 503,
  times: 2,
  after: 0,
  route: 'list',
  pages: 'any',
  result_id: FIXTURE_GROUPS[0]?.resultId,
  delay_ms: 0,
} satisfies FaultRequest;
const LIMITS = { limit: 5, window_seconds: 1, announce: true } satisfies LimitsRequest;
const WEBHOOKS = { delivery: 'doubled', delay_ms: 1000 } satisfies WebhooksRequest;

function faultRequests(body: unknown): FaultRequest[] {
  const list: unknown[] = Array.isArray(body) ? body : [body];
  return list.map((each) => parseBody(faultRequestSchema, each));
}
