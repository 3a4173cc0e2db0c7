/** One route of the HTTP API: what the stack deploys, the local gateway serves and the tests walk. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: `/${string}`;
  /** The folder below `functions/` whose Lambda answers. */
  readonly lambda: 'verifications' | 'auth' | 'health' | 'webhook';
  /** Without a token of the user pool: the only routes with a throttle of their own. */
  readonly public: boolean;
  /** The share of the API's throttle that a route has to itself, over 0 up to 1; without one it has part in the whole. */
  readonly throttleShare?: number;
}

/** What anybody may call: there is no WAF in front of an HTTP API, and passwords are not to be tried out by the hundred. */
const FOR_ANYBODY = { public: true, throttleShare: 0.1 } as const;
/**
 * Public to the gateway alone: the path holds a token. AnyCheck delivers in bursts, and what it finds refused may be lost, so
 * that a status comes late; a token of 48 characters is not found by trying, however often.
 */
const FOR_ANYCHECK = { public: true, throttleShare: 1 } as const;

export const routes = {
  listVerifications: { method: 'GET', path: '/verifications', lambda: 'verifications', public: false },
  login: { method: 'POST', path: '/auth/login', lambda: 'auth', ...FOR_ANYBODY },
  refreshTokens: { method: 'POST', path: '/auth/refresh', lambda: 'auth', ...FOR_ANYBODY },
  health: { method: 'GET', path: '/health', lambda: 'health', ...FOR_ANYBODY },
  anycheckWebhook: { method: 'POST', path: '/webhooks/anycheck/{token}', lambda: 'webhook', ...FOR_ANYCHECK },
} as const satisfies Record<string, Route>;

/** The gateway's name for a route: `GET /verifications`. */
export const routeKey = (route: Route): string => `${route.method} ${route.path}`;
