import * as z from 'zod/mini';
import type { Role } from './runtime/access/role.ts';
import { ERROR_CODES } from './runtime/rest/api-error.ts';

/** One answer of a route, as the OpenAPI document describes it. */
export interface Answer {
  readonly description: string;
  /** The schema of a JSON body. */
  readonly schema?: z.ZodMiniType;
  /** Names in lower case, and their descriptions. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The content type of a body that is not JSON. */
  readonly type?: string;
}

/**
 * One route of the HTTP API. The stack, the handlers, the local gateway and the OpenAPI document all use this
 * definition.
 */
export interface Route<
  Path extends z.ZodMiniObject = z.ZodMiniObject,
  Query extends z.ZodMiniObject = z.ZodMiniObject,
  Body extends z.ZodMiniType = z.ZodMiniType,
> {
  /** The stack adds HEAD to each GET, with the same access and throttle. */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  /** The folder below `functions/` with the Lambda function that answers. */
  readonly lambda:
    | 'verifications'
    | 'groups'
    | 'history'
    | 'erasure'
    | 'auth'
    | 'whoami'
    | 'health'
    | 'health-deep'
    | 'anycheck-webhook'
    | 'webhook-endpoints'
    | 'api-keys'
    | 'docs'
    | 'console';
  /**
   * The least role that may call the route. A `public` route needs no token, and only such a route can have its own
   * throttle.
   */
  readonly access: Role | 'public';
  /** Whether an API key may call the route, too, below `/key`. */
  readonly takesKeys?: true;
  /** Whether the route is for people alone: neither a machine nor an API key may call it. */
  readonly isForPeople?: true;
  /**
   * The share of the API's throttle that a public route has as its own, over 0 up to 1. Without it, the route uses the
   * API's.
   */
  readonly throttleShare?: number;
  readonly summary: string;
  readonly parameters: Path;
  /** A strict schema, so that a misspelt parameter is 400. AnyCheck's own routes ignore unknown parameters. */
  readonly query: Query;
  /** The request headers that change the answer, and their descriptions. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The schema of the JSON body; NOTHING if the route reads no body. */
  readonly body: Body;
  /** The successful answers, by status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /**
   * The errors, by status: each text names the error_code and says when the route returns it. The body has AnyCheck's
   * shape.
   */
  readonly failures: Readonly<Record<number, string>>;
}

/** The body of every error, in AnyCheck's shape. */
export const Failure = z
  .object({
    error_code: z.enum(ERROR_CODES),
    message: z.string().check(z.meta({ description: 'A sentence for people. Its wording can change.' })),
    errors: z
      .optional(z.array(z.object({ field: z.string(), message: z.string() }).check(z.meta({ id: 'FieldError' }))))
      .check(z.meta({ description: 'The invalid fields, if there are any. The field "" is the whole body.' })),
  })
  .check(z.meta({ id: 'Failure' }));

/** The body of an answer that says only that the service accepted the call. */
export const Accepted = z.object({ accepted: z.literal(true) }).check(z.meta({ id: 'Accepted' }));

export const NOTHING = z.object({});
/** The inputs of a route that takes no parameters, no query and no body. */
export const NO_INPUT = { parameters: NOTHING, query: z.strictObject({}), body: NOTHING } as const;
export const UNKNOWN_PARAMETER = 'INVALID_REQUEST: A query parameter is unknown.';

/** The access of public routes. An HTTP API has no WAF, so a throttle of their own limits password guessing. */
export const FOR_ANYBODY = { access: 'public', throttleShare: 0.1 } as const;

/** The methods of a route: each route that answers GET answers HEAD, too. */
export const methodsOf = ({ method }: Pick<Route, 'method'>) =>
  method === 'GET' ? (['GET', 'HEAD'] as const) : [method];

/** The base of the paths that take an API key instead of a token. */
export const KEY_BASE = '/key';

/** How a caller authenticates: not at all, with a token that the gateway checks, or with a key that the function checks. */
type Credential = 'none' | 'token' | 'key';

/** A path of a route, and how its callers authenticate there. */
export interface RoutePath {
  readonly path: `/${string}`;
  readonly credential: Credential;
}

/**
 * The paths of a route. A route that takes API keys has a second one, below KEY_BASE. The stack, the handlers, the local
 * gateway and the OpenAPI document all take their paths from here.
 */
export function pathsOf({ path, access, takesKeys }: Pick<Route, 'path' | 'access' | 'takesKeys'>): RoutePath[] {
  if (access === 'public') return [{ path, credential: 'none' }];
  const withToken = { path, credential: 'token' } as const;
  return takesKeys ? [withToken, { path: `${KEY_BASE}${path}`, credential: 'key' }] : [withToken];
}

/** The gateway's name for a route: `GET /verifications`. */
export const routeKey = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method} ${path}`;
