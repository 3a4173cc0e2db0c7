import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { GroupEvent } from '../../../functions/domain/events/event.ts';
import { connectToBuses } from '../../../lib/local/events/read-stream.ts';
import { serve } from '../../../lib/local/http/serve.ts';
import { DEFAULT_WEBHOOK_TOKEN } from '../../../lib/local/settings.ts';
import { type Live, live } from '../live.ts';

const GROUPS = 20;
/** Groups that change at once. */
const AT_ONCE = 2;
const CHANGES = 4;
const POLL_MS = 10;

/** ms from the publish of an event to the bus, from there to the beginning of the attempt, and to the receiver. */
export interface Journey {
  readonly busMs: number;
  readonly dispatchMs: number;
  readonly deliverMs: number;
}

interface Times {
  publishedAt?: number;
  busAt?: number;
  receivedAt?: number;
}

const Created = z.object({ id: z.string() });
const Deliveries = z.object({
  items: z.array(z.object({ event_id: z.string(), attempts: z.array(z.object({ at: z.string() })) })),
});

/** The events of groups that change, from a publish to the receipt by an endpoint, through all of `npm start`. */
export const localJourneys = (): Promise<readonly Journey[]> => live({}, journeys, 'admin');

async function journeys(running: Live): Promise<readonly Journey[]> {
  running.sandbox.controls.setLimits({ limit: null });
  const times = new Map<string, Times>();
  const of = (id: string): Times => {
    const found = times.get(id) ?? {};
    times.set(id, found);
    return found;
  };
  const receiver = await serve(
    createServer(async (request, response) => {
      const at = Date.now();
      of(GroupEvent.parse(await json(request)).id).receivedAt ??= at;
      response.writeHead(204).end();
    }),
  );
  const { id } = Created.parse(
    await call(running, 'POST', '/webhook-endpoints', {
      ...{ url: `${receiver.url}/hook`, event_types: ['group.created', 'group.updated'] },
    }),
  );
  const { events } = await connectToBuses(running.dataDir);
  void (async () => {
    for await (const { acceptedAt, event } of events) {
      const { data } = GroupEvent.safeParse(event.detail);
      if (!data) continue;
      Object.assign(of(data.id), { publishedAt: Date.parse(data.timestamp), busAt: Date.parse(acceptedAt) });
    }
  })();
  await changeGroups(running, times);
  const log = Deliveries.parse(await call(running, 'GET', `/webhook-endpoints/${id}/deliveries?limit=100`));
  await receiver.close();
  const begun = new Map(log.items.map((one) => [one.event_id, Date.parse(one.attempts[0]?.at ?? '')]));
  // The first event of each group starts the functions.
  return [...times].slice(GROUPS).map(([eventId, { publishedAt = 0, busAt = 0, receivedAt = 0 }]) => {
    const begunAt = begun.get(eventId) ?? Number.NaN;
    return { busMs: busAt - publishedAt, dispatchMs: begunAt - busAt, deliverMs: receivedAt - begunAt };
  });
}

async function call({ stack, token }: Live, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${stack.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}`);
  return response.json();
}

/** Changes groups, and waits each time until the events have arrived. */
async function changeGroups(running: Live, times: ReadonlyMap<string, Times>): Promise<void> {
  const arrived = () => [...times.values()].filter(({ receivedAt, busAt }) => receivedAt && busAt).length;
  const ids = Array.from({ length: GROUPS }, () => randomUUID());
  let sent = 0;
  for (let n = 0; n <= CHANGES; n++) {
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      for (const id of ids.slice(i, i + AT_ONCE)) {
        running.sandbox.controls.setGroup(
          id,
          `{"items":[{"id":"${id}","status":"IN_PROGRESS","execution_time":${n}}]}`,
        );
        if (n === 0) await call(running, 'GET', `/verifications?result_id=${id}`);
        else await call(running, 'POST', `/webhooks/anycheck/${DEFAULT_WEBHOOK_TOKEN}`, { result_id: id });
        sent++;
      }
      while (arrived() < sent) await sleep(POLL_MS);
    }
  }
}
