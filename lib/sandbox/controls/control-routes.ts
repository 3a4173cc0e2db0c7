import { answered, parseBody, parseJson } from '../api-error.ts';
import { faultKinds } from '../faults/faults.ts';
import { FIXTURE_GROUPS } from '../groups/groups.ts';
import { jsonReply, type Reply } from '../reply.ts';
import type { Route } from '../routes.ts';
import {
  type FaultRequest,
  faultRequestSchema,
  limitsRequestSchema,
  webhooksRequestSchema,
} from './control-requests.ts';
import type { Controls } from './controls.ts';

/** A control route with what it is for, which `bin/sandbox.ts` prints. */
export interface ControlRoute extends Route {
  about: string;
}

/**
 * The control API: makes the sandbox behave, or misbehave, as a test needs it. No authentication; never part of AnyCheck.
 *
 * - `PUT /_sandbox/groups/{result_id}` with `{ "items": [...] }` sets a group verbatim: every digit and the order of keys are
 *   kept as sent. `overall_status` (default: derived from the items) and `total` (default: their number) may say anything.
 *   Links are served as sent, unless `"sign_links": true`.
 * - `DELETE /_sandbox/groups/{result_id}` takes a group away; also a fixture, until the next reset.
 * - `POST /_sandbox/faults` with one fault or a list of them, `{ "kind": "hang", ... }`; each hits the next `times` (1) calls
 *   of `route` (list; login and refresh where it makes sense) after letting `after` (0) pass, for `result_id` alone where
 *   given, on `pages` first (offset 0), later or any, `delay_ms` late. A call is hit by the first queued fault that fits.
 * - `GET /_sandbox/faults` lists what is queued and what kinds there are; `DELETE` empties the queue.
 * - `PUT /_sandbox/limits` with `{ "limit": 5, "window_seconds": 1, "announce": true }`; `"limit": null` for none.
 * - `PUT /_sandbox/webhooks` with `{ "delivery": "on", "delay_ms": 0 }`, or "lost", or "doubled": what becomes of the webhooks
 *   of status changes from now on. They go to their item's `webhook_url`, on this machine alone.
 * - `GET /_sandbox/calls` counts calls per route and lists them; `DELETE` starts again from nothing, with the deliveries too.
 * - `GET /_sandbox/deliveries` lists the webhooks and what became of them.
 * - `DELETE /_sandbox/session` ends the live session, as a login from another device would.
 * - `POST /_sandbox/reset` begins all life cycles again, now, and forgets groups, faults, limits and what was said of webhooks.
 */
export function controlRoutes(controls: Controls): ControlRoute[] {
  const done = (change: () => void): Promise<Reply> =>
    answered(() => {
      change();
      return { status: 204, headers: {}, body: '' };
    });
  const groups = () => FIXTURE_GROUPS.map(({ resultId, name, about }) => ({ result_id: resultId, name, about }));
  const route = (method: string, path: string, about: string, answer: Route['answer']): ControlRoute => ({
    method,
    path: `/_sandbox/${path}`,
    about,
    answer,
  });
  return [
    route('GET', 'groups', 'the groups that are there from the start', () => jsonReply(200, groups())),
    route('PUT', 'groups/:result_id', 'set a group verbatim', ({ params, body }) =>
      done(() => controls.setGroup(params.result_id ?? '', body)),
    ),
    route('DELETE', 'groups/:result_id', 'take a group away', ({ params }) =>
      done(() => controls.dropGroup(params.result_id ?? '')),
    ),
    route('GET', 'faults', 'queued faults, and the kinds there are', () =>
      jsonReply(200, { queued: controls.faults(), kinds: faultKinds() }),
    ),
    route('POST', 'faults', 'queue a fault', ({ body }) =>
      done(() => controls.addFaults(...faultRequests(parseJson(body)))),
    ),
    route('DELETE', 'faults', 'forget queued faults', () => done(controls.clearFaults)),
    route('PUT', 'limits', 'set the rate limit', ({ body }) =>
      done(() => controls.setLimits(parseBody(limitsRequestSchema, parseJson(body)))),
    ),
    route('PUT', 'webhooks', 'lose, double or delay webhooks', ({ body }) =>
      done(() => controls.setWebhooks(parseBody(webhooksRequestSchema, parseJson(body)))),
    ),
    route('GET', 'deliveries', 'webhooks so far', () => jsonReply(200, controls.deliveries())),
    route('GET', 'calls', 'calls so far', () => jsonReply(200, controls.calls())),
    route('DELETE', 'calls', 'count calls from zero, and webhooks', () => done(controls.clearCalls)),
    route('DELETE', 'session', 'end the live session', () => done(controls.endSession)),
    route('POST', 'reset', 'begin all life cycles again', () => done(controls.reset)),
  ];
}

function faultRequests(body: unknown): FaultRequest[] {
  const list: unknown[] = Array.isArray(body) ? body : [body];
  return list.map((each) => parseBody(faultRequestSchema, each));
}
