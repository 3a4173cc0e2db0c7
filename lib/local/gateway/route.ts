/** A route of an HTTP API. */
export interface Route<T> {
  /** `GET /pets/{id}`, `ANY /pets/{id}`, or `$default`. */
  readonly key: string;
  readonly target: T;
}

export interface Match<T> {
  readonly route: Route<T>;
  /** Decoded; undefined where the route has none. */
  readonly parameters: Readonly<Record<string, string>> | undefined;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable' | 'greedy'; readonly name: string };

interface Candidate<T> {
  readonly route: Route<T>;
  readonly method: string;
  readonly segments: readonly Segment[];
}

const DEFAULT = '$default';
const ANY = 'ANY';
const RANK = { literal: 0, variable: 1, greedy: 2 } as const;

/**
 * Chooses a route as an HTTP API does: the most specific path first (text before a variable, a variable before
 * `{proxy+}`), on the same path `ANY` for the methods that have no route of their own, and `$default` when no other route
 * matches.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function createRouter<T>(routes: readonly Route<T>[]): (method: string, path: string) => Match<T> | undefined {
  const fallback = routes.find((route) => route.key === DEFAULT);
  const candidates = routes
    .filter((route) => route !== fallback)
    .map(candidate)
    .toSorted(mostSpecificFirst);
  return (method, path) => {
    const parts = path.split('/').slice(1);
    for (const { route, method: routeMethod, segments } of candidates) {
      if (routeMethod !== method && routeMethod !== ANY) continue;
      const parameters = parametersOf(segments, parts);
      if (parameters === undefined) continue;
      return { route, parameters: Object.keys(parameters).length > 0 ? parameters : undefined };
    }
    return fallback && { route: fallback, parameters: undefined };
  };
}

function candidate<T>(route: Route<T>): Candidate<T> {
  const [method = '', path = ''] = route.key.split(' ');
  const segments = path
    .split('/')
    .slice(1)
    .map((text): Segment => {
      const variable = /^\{(.+?)(\+?)\}$/.exec(text);
      if (variable?.[1] === undefined) return { kind: 'literal', text };
      return { kind: variable[2] === '+' ? 'greedy' : 'variable', name: variable[1] };
    });
  return { route, method, segments };
}

function mostSpecificFirst<T>(a: Candidate<T>, b: Candidate<T>): number {
  for (const [at, one] of a.segments.entries()) {
    const other = b.segments[at];
    if (other !== undefined && one.kind !== other.kind) return RANK[one.kind] - RANK[other.kind];
  }
  return b.segments.length - a.segments.length || Number(a.method === ANY) - Number(b.method === ANY);
}

/** The path's parameters, or undefined where the path does not match. @param parts decoded. */
function parametersOf(segments: readonly Segment[], parts: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [at, segment] of segments.entries()) {
    const part = parts[at];
    if (part === undefined) return undefined;
    if (segment.kind === 'literal' && part !== segment.text) return undefined;
    if (segment.kind === 'variable') {
      if (part === '') return undefined;
      parameters[segment.name] = part;
    }
    if (segment.kind === 'greedy') {
      const rest = parts.slice(at).join('/');
      if (rest === '') return undefined;
      parameters[segment.name] = rest;
      return parameters;
    }
  }
  return parts.length === segments.length ? parameters : undefined;
}
