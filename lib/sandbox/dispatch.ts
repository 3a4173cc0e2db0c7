import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { ApiError, answered, errorReply, notFound } from './api-error.ts';
import type { CallEntry } from './call-log.ts';
import type { SandboxContext } from './context.ts';
import { answerControl, isControlPath } from './controls/control-routes.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { Route } from './routes.ts';

/** Finds the route of a request and answers it. It returns the call log's entry for calls to AnyCheck's routes. */
export type Dispatch = (request: IncomingMessage) => Promise<{ reply: Reply; entry?: CallEntry }>;

export function createDispatch(context: SandboxContext, api: Route[], control: Route[]): Dispatch {
  const answerTo = async (request: IncomingMessage, url: URL, route: Route): Promise<Reply> => {
    const body = await text(request);
    const header = (name: string) => [request.headers[name]].flat()[0];
    const params = match(route, request.method, url.pathname) ?? {};
    return route.answer({ method: route.method, url, params, header, body });
  };
  return async (request) => {
    const path = request.url ?? '/';
    const url = URL.parse(path, 'http://sandbox');
    if (url === null) return { reply: errorReply(new ApiError(400, 'INVALID_REQUEST', 'the path is not valid')) };
    const matches = (route: Route) => match(route, request.method, url.pathname) !== undefined;
    const answerBy = async (route: Route | undefined) => {
      if (route === undefined) throw notFound('route');
      return answerTo(request, url, route);
    };
    if (isControlPath(url.pathname)) return { reply: await answerControl(() => answerBy(control.find(matches))) };
    const route = api.find(matches);
    const entry = context.calls.begin({
      method: request.method ?? '',
      path,
      route: route === undefined ? 'unknown' : `${route.method} ${route.path}`,
      at: new Date(context.now()).toISOString(),
    });
    const reply = await answered(() => answerBy(route));
    entry.fault = reply.fault ?? null;
    return { reply, entry };
  };
}

/** Logs a bug of the sandbox itself, and returns a 500 in AnyCheck's shape. */
export function brokenReply(error: unknown): Reply {
  console.error('sandbox:', error);
  return jsonReply(500, { error_code: 'INTERNAL_SERVER_ERROR', message: 'the sandbox failed' });
}

function match(route: Route, method: string | undefined, pathname: string): Record<string, string> | undefined {
  const template = route.path.split('/');
  const segments = pathname.split('/');
  if (route.method !== method || template.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    const value = segments[index] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}
