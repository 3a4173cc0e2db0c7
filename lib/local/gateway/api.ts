import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { LocalFault } from '../fault.ts';
import { readBody } from '../http/body.ts';
import type { Functions, LambdaFunction } from '../lambda/functions.ts';
import { IGNORED } from '../template/ignored.ts';
import type { Stack } from '../template/stack.ts';
import { type Authorizer, httpApiEvent } from './event.ts';
import { checkJwt, type JwtRules } from './jwt.ts';
import type { KeysOf } from './keys.ts';
import type { Answer } from './listener.ts';
import { gatewayError, internalServerError, type Reply, replyOf } from './reply.ts';
import { createRouter } from './route.ts';

export const ApiProperties = z.strictObject({
  ProtocolType: z.literal('HTTP'),
  DisableExecuteApiEndpoint: IGNORED,
  Name: IGNORED,
});
export const StageProperties = z.strictObject({
  ApiId: IGNORED,
  AccessLogSettings: IGNORED,
  AutoDeploy: IGNORED,
  DefaultRouteSettings: IGNORED,
  RouteSettings: IGNORED,
  StageName: z.literal('$default'),
});
export const RouteProperties = z.strictObject({
  ApiId: IGNORED,
  RouteKey: z.string().regex(/^(\$default|(ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/\S*)$/),
  Target: z.string().regex(/^integrations\/.+/),
  AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
  AuthorizationScopes: z.array(z.string()).default([]),
  AuthorizerId: z.string().optional(),
});
export const IntegrationProperties = z.strictObject({
  ApiId: IGNORED,
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});
export const AuthorizerProperties = z.strictObject({
  ApiId: IGNORED,
  Name: IGNORED,
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
  JwtConfiguration: z.strictObject({ Issuer: z.string(), Audience: z.array(z.string()).default([]) }),
});

/** The integration timeout of an HTTP API. */
const INTEGRATION_TIMEOUT_MS = 30_000;

interface Target {
  readonly fn: LambdaFunction;
  readonly guard: JwtRules | undefined;
  readonly scopes: readonly string[];
}

/**
 * Serves the template's HTTP API with its routes, authorizers and functions. A template without an API returns 404 to
 * all requests.
 */
export function createApi(stack: Stack, functions: Functions, keysOf: KeysOf): Answer {
  const [api, ...more] = stack.resources('AWS::ApiGatewayV2::Api');
  if (api === undefined) return async () => gatewayError(404, 'Not Found');
  if (more.length > 0) throw new LocalFault('The template has several APIs; the local gateway serves one.');
  api.properties(ApiProperties);
  const route = createRouter(routesOf(stack, functions, keysOf));

  return async (request, requestId) => {
    const [rawPath = '', ...rest] = originForm(request.url ?? '/').split('?');
    const path = decoded(rawPath);
    if (path === undefined) return gatewayError(400, 'Bad Request');
    const match = route(request.method ?? 'GET', path);
    if (match === undefined) return gatewayError(404, 'Not Found');
    const { target, key } = match.route;
    const authorized = await authorize(request, target);
    if ('status' in authorized) return authorized;
    const body = await readBody(request);
    if (body === undefined) return bodyTooLarge();
    const event = httpApiEvent({
      request,
      body,
      apiId: api.ref,
      requestId,
      routeKey: key,
      path,
      query: rest.join('?'),
      pathParameters: match.parameters,
      authorizer: authorized.authorizer,
      now: new Date(),
    });
    return integrate(target, event, request.method === 'HEAD');
  };
}

function routesOf(stack: Stack, functions: Functions, keysOf: KeysOf) {
  const integrations = new Map(
    stack
      .resources('AWS::ApiGatewayV2::Integration')
      .map((resource) => [`integrations/${resource.ref}`, resource.properties(IntegrationProperties)]),
  );
  const guards = new Map(
    stack.resources('AWS::ApiGatewayV2::Authorizer').map((resource): [string, JwtRules] => {
      const { JwtConfiguration } = resource.properties(AuthorizerProperties);
      const issuer = JwtConfiguration.Issuer;
      return [resource.ref, { issuer, audience: JwtConfiguration.Audience, keys: keysOf(issuer) }];
    }),
  );
  return stack.resources('AWS::ApiGatewayV2::Route').map((resource) => {
    const route = resource.properties(RouteProperties);
    const integration = integrations.get(route.Target);
    if (integration === undefined) throw new LocalFault(`${resource.logicalId} has no integration.`);
    const guard = route.AuthorizationType === 'JWT' ? guards.get(route.AuthorizerId ?? '') : undefined;
    if (route.AuthorizationType === 'JWT' && guard === undefined) {
      throw new LocalFault(`${resource.logicalId} has no authorizer.`);
    }
    const target: Target = {
      fn: functions.find(integration.IntegrationUri),
      guard,
      scopes: route.AuthorizationScopes,
    };
    return { key: route.RouteKey, target };
  });
}

const bodyTooLarge = () => gatewayError(413, 'Request Entity Too Large');

/** The path and query of a request target. A proxy's client sends the whole URL (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  const rest = target.replace(/^https?:\/\/[^/?]*/i, '');
  return rest.startsWith('/') || rest === target ? rest : `/${rest}`;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

async function authorize(
  request: IncomingMessage,
  { guard, scopes }: Target,
): Promise<Reply | { readonly authorizer: Authorizer | undefined }> {
  if (guard === undefined) return { authorizer: undefined };
  const verdict = await checkJwt(request.headers.authorization, scopes, guard);
  if (verdict.allowed) return { authorizer: { jwt: { claims: { ...verdict.claims }, scopes: verdict.scopes } } };
  const message = verdict.status === 401 ? 'Unauthorized' : 'Forbidden';
  return gatewayError(verdict.status, message, { 'www-authenticate': verdict.challenge });
}

async function integrate({ fn }: Target, event: unknown, isHead: boolean): Promise<Reply> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(late.resolve, INTEGRATION_TIMEOUT_MS, undefined);
  const outcome = await Promise.race([fn.invoke(event), late.promise]);
  clearTimeout(timer);
  if (outcome?.ok) return replyOf(outcome.payload, isHead);
  if (outcome?.reason === 'event-too-large') return bodyTooLarge();
  if (outcome === undefined || outcome.reason === 'timed-out' || outcome.reason === 'stopped') {
    return gatewayError(503, 'Service Unavailable');
  }
  return internalServerError();
}
