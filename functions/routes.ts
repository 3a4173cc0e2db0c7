/** One route of the HTTP API: what the stack deploys, the local gateway serves and the tests walk. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: `/${string}`;
  /** The folder below `functions/` whose Lambda answers. */
  readonly lambda: 'verifications' | 'auth' | 'health';
  /** Without a token: throttled more tightly, and the only routes that are. */
  readonly public: boolean;
}

export const routes = {
  listVerifications: { method: 'GET', path: '/verifications', lambda: 'verifications', public: false },
  login: { method: 'POST', path: '/auth/login', lambda: 'auth', public: true },
  refreshTokens: { method: 'POST', path: '/auth/refresh', lambda: 'auth', public: true },
  health: { method: 'GET', path: '/health', lambda: 'health', public: true },
} as const satisfies Record<string, Route>;

/** The gateway's name for a route: `GET /verifications`. */
export const routeKey = (route: Route): string => `${route.method} ${route.path}`;
