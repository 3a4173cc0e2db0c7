import * as z from 'zod';
import { ApiError, invalidField, parseBody, parseJson } from '../api-error.ts';
import { endSession } from '../auth.ts';
import type { CallEntry } from '../call-log.ts';
import type { SandboxContext } from '../context.ts';
import { faultNamed } from '../faults/faults.ts';
import type { QueuedFault } from '../faults/queued-fault.ts';
import { parseUuid } from '../groups/list-query.ts';
import { elementsOf, membersOf } from '../json-source.ts';
import { DEFAULT_LIMITS, DEFAULT_WEBHOOKS, type SandboxGroup } from '../state.ts';
import type { DeliveryEntry } from '../webhooks/delivery-log.ts';
import {
  type FaultRequest,
  faultRequestSchema,
  type LimitsRequest,
  limitsRequestSchema,
  type WebhooksRequest,
  webhooksRequestSchema,
} from './control-requests.ts';

/** Changes the sandbox's behaviour, in process or through `/_sandbox/` (see `control-routes.ts`). */
export interface Controls {
  /** Sets a group verbatim from JSON source text `{ overall_status?, total?, items, sign_links? }`. */
  setGroup(resultId: string, source: string): void;
  /** Removes a group, also a fixture. From then on it is unknown. */
  dropGroup(resultId: string): void;
  /** Appends faults to the queue; see `faults.ts` for the kinds. */
  addFaults(...faults: FaultRequest[]): void;
  faults(): QueuedFault[];
  clearFaults(): void;
  /** Sets the rate limit: calls per window, null for none. Omitted members get their default. */
  setLimits(limits: LimitsRequest): void;
  /** Sets how webhooks are delivered from now on. Omitted members get their default. */
  setWebhooks(webhooks: WebhooksRequest): void;
  /** The latest 20,000 webhooks with their outcomes, oldest first. */
  deliveries(): DeliveryEntry[];
  calls(): { counts: Record<string, number>; calls: CallEntry[] };
  /** Clears the logs of calls and deliveries. */
  clearCalls(): void;
  /** Ends the live session, as a login from another device does. */
  endSession(): void;
  /** Restarts life cycles now, and removes set groups, faults and settings. Sessions stay. It sends no webhook. */
  reset(): void;
}

export function createControls(context: SandboxContext): Controls {
  const { store, catalogue, calls, deliveries, watch } = context;
  const saved = (change: () => void) => {
    change();
    store.save();
  };
  const replaceGroup = (resultId: string, group: SandboxGroup | null) => {
    catalogue.lag(parseUuid(resultId), context.now());
    watch.during(parseUuid(resultId), () =>
      saved(() => {
        store.data.groups[parseUuid(resultId)] = group;
        delete store.data.lives[parseUuid(resultId)];
      }),
    );
  };
  return {
    setGroup: (resultId, source) => replaceGroup(resultId, parseGroup(source)),
    dropGroup: (resultId) => replaceGroup(resultId, null),
    addFaults: (...faults) => saved(() => store.data.faults.push(...faults.map(queuedFault))),
    faults: () => store.data.faults,
    clearFaults: () => saved(() => store.data.faults.splice(0)),
    setLimits: (limits) =>
      saved(() => {
        const { limit, window_seconds: windowSeconds, announce } = parseBody(limitsRequestSchema, limits);
        store.data.limits = { limit, windowSeconds, announce };
      }),
    setWebhooks: (webhooks) =>
      saved(() => {
        const { delivery, delay_ms: delayMs, lead_ms: leadMs } = parseBody(webhooksRequestSchema, webhooks);
        store.data.webhooks = { delivery, delayMs, leadMs };
      }),
    deliveries: () => deliveries.report(),
    calls: () => calls.report(),
    clearCalls() {
      calls.clear();
      deliveries.clear();
    },
    endSession: () => endSession(context),
    reset() {
      watch.poll();
      const settings = { limits: DEFAULT_LIMITS, webhooks: DEFAULT_WEBHOOKS };
      saved(() => Object.assign(store.data, { epoch: context.now(), lives: {}, groups: {}, faults: [], ...settings }));
    },
  };
}

function parseGroup(source: string): SandboxGroup {
  parseJson(source);
  const { items, sign_links, total, overall_status, ...others } = Object.fromEntries(membersOf(source));
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidField(unknown, 'is not a known member');
  if (!items?.startsWith('[')) throw invalidField('items', 'must be an array');
  return {
    items: elementsOf(items),
    signLinks: sign_links === 'true',
    ...(total === undefined ? {} : { total }),
    ...(overall_status === undefined ? {} : { overallStatus: overall_status }),
  };
}

function queuedFault(request: FaultRequest): QueuedFault {
  const { kind, times, after, route, pages, result_id, delay_ms, ...params } = parseBody(faultRequestSchema, request);
  const row = faultNamed(kind);
  if (row === undefined) throw invalidField('kind', `${JSON.stringify(kind)} is not a kind of fault`);
  if (route !== 'list' && !row.anyRoute) throw invalidField('route', `${kind} applies only to the list route`);
  checkParams(row.open, params);
  return {
    kind,
    times,
    after,
    route,
    pages: pages ?? row.pages,
    params,
    ...(result_id === undefined ? {} : { result_id: parseUuid(result_id) }),
    ...(delay_ms === undefined ? {} : { delay_ms }),
  };
}

function checkParams(open: (params: unknown) => unknown, params: unknown): void {
  try {
    open(params);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const errors = error.issues.map(({ path, message }) => ({ field: path.join('.') || 'fault', message }));
    throw new ApiError(400, 'INVALID_REQUEST', 'the fault is not valid', errors);
  }
}
