import * as z from 'zod/mini';
import type { Role } from './runtime/access/role.ts';
import { ERROR_CODES } from './runtime/rest/api-error.ts';

/** One answer of a route, as the API's description tells it. */
export interface Answer {
  readonly description: string;
  /** Of the body, where it is JSON. */
  readonly schema?: z.ZodMiniType;
  /** Names in lower case, and what they tell. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a body that is not JSON. */
  readonly type?: string;
}

/** One route of the HTTP API: what the stack deploys, the handlers parse and check, the local gateway serves, the description tells. */
export interface Route<
  Path extends z.ZodMiniObject = z.ZodMiniObject,
  Query extends z.ZodMiniObject = z.ZodMiniObject,
  Body extends z.ZodMiniType = z.ZodMiniType,
> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: `/${string}`;
  /** The folder below `functions/` whose Lambda answers. */
  readonly lambda:
    | 'verifications'
    | 'groups'
    | 'history'
    | 'erasure'
    | 'auth'
    | 'health'
    | 'health-deep'
    | 'webhook'
    | 'docs';
  /** The least role that may call it; `public`: without a token, the only routes with a throttle of their own. */
  readonly access: Role | 'public';
  /** The share of the API's throttle that a public route has to itself, over 0 up to 1; without one it has part in the whole. */
  readonly throttleShare?: number;
  readonly summary: string;
  readonly parameters: Path;
  readonly query: Query;
  /** Headers of the request that shape the answer, and what they do. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of JSON; NOTHING where no body is read. */
  readonly body: Body;
  /** By status, where all went well. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** By status, in AnyCheck's shape of an error: when it comes. */
  readonly failures: Readonly<Record<number, string>>;
}

/** The body of every failure, in AnyCheck's shape. */
export const Failure = z
  .object({
    error_code: z.enum(ERROR_CODES),
    message: z.string().check(z.meta({ description: 'For people; may change.' })),
    errors: z
      .optional(z.array(z.object({ field: z.string(), message: z.string() })))
      .check(z.meta({ description: 'Where fields are at fault; the field "" is the body.' })),
  })
  .check(z.meta({ id: 'Failure' }));

export const NOTHING = z.object({});
/** The inputs that a route doesn't have. */
export const NO_INPUT = { parameters: NOTHING, query: NOTHING, body: NOTHING } as const;

/** What anybody may call: there is no WAF in front of an HTTP API, and passwords are not to be tried out by the hundred. */
export const FOR_ANYBODY = { access: 'public', throttleShare: 0.1 } as const;

/** The gateway's name for a route: `GET /verifications`. */
export const routeKey = (route: Pick<Route, 'method' | 'path'>): string => `${route.method} ${route.path}`;
