import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serve } from '../../../lib/local/http/serve.ts';
import type { ServiceEndpoints } from '../../../lib/local/lambda/environment.ts';
import { callsOf } from './call.ts';
import type { Policies } from './policies.ts';

/** The services that check IAM permissions. A login at a user pool needs only the client's id. */
type Guarded = Omit<ServiceEndpoints, 'cognito'>;

export interface Guard {
  /** Where each service is reached. */
  readonly urls: Guarded;
  /** Hands on to these. @returns where functions reach them. */
  before(services: ServiceEndpoints): ServiceEndpoints;
  /** Answers the next `times` calls of an action with a fault of the service. They use their grants all the same. */
  failNext(action: string, times: number): void;
  /** The grants that calls needed. */
  readonly used: ReadonlySet<string>;
  /** The calls that no policy allowed. */
  readonly denied: readonly string[];
  close(): Promise<void>;
}

/**
 * Stands between functions and services as IAM does: what no policy of the calling function allows is refused, the rest is
 * handed on. Who calls is read from the application's id that the SDK sends along.
 */
export async function startGuard(policies: Policies): Promise<Guard> {
  const used = new Set<string>();
  const denied: string[] = [];
  const failing: string[] = [];
  let behind: Guarded | undefined;

  async function answer(service: keyof Guarded, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const [, fn = 'unknown'] = /\bapp\/(\w+)/.exec(incoming.headers['user-agent'] ?? '') ?? [];
    const calls = callsOf(fn, String(incoming.headers['x-amz-target']), JSON.parse(body.toString()));
    for (const call of calls) {
      const needed = policies.allow(call);
      for (const one of needed ?? []) used.add(one);
      if (needed) continue;
      denied.push(`${fn} ${call.action} ${call.resource} ${call.keys.join()}`);
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: 'AccessDeniedException', message: `${fn} may not ${call.action}` }));
      return;
    }
    const failed = failing.indexOf(calls[0]?.action ?? '');
    if (failed >= 0) {
      failing.splice(failed, 1);
      response.writeHead(500, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: 'InternalException' }));
      return;
    }
    const to = new URL(behind?.[service] ?? '');
    const onward = request(to, { method: 'POST', headers: { ...incoming.headers, host: to.host } }, (answered) => {
      response.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(response);
    });
    onward.on('error', (error) => response.destroy(error)).end(body);
  }

  const open = (service: keyof Guarded) =>
    serve(createServer((incoming, response) => void answer(service, incoming, response)));
  const doors = {
    dynamodb: await open('dynamodb'),
    sqs: await open('sqs'),
    eventBridge: await open('eventBridge'),
    secretsManager: await open('secretsManager'),
    logs: await open('logs'),
  };
  const urls = {
    dynamodb: doors.dynamodb.url,
    sqs: doors.sqs.url,
    eventBridge: doors.eventBridge.url,
    secretsManager: doors.secretsManager.url,
    logs: doors.logs.url,
  };
  return {
    urls,
    used,
    denied,
    before(services) {
      behind = services;
      return { ...services, ...urls };
    },
    failNext: (action, times) => void failing.push(...Array.from({ length: times }, () => action)),
    async close() {
      await Promise.all(Object.values(doors).map((door) => door.close()));
    },
  };
}
