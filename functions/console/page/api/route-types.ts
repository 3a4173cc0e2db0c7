import type * as z from 'zod/mini';
import type { Route } from '../../../route.ts';
import type { routes } from '../../../routes.ts';

type Named = typeof routes;

/** The API's routes by method and path. A route that changes breaks the type check of every call of it. */
export type Routes = { [Name in keyof Named as `${Named[Name]['method']} ${Named[Name]['path']}`]: Named[Name] };
export type RouteKey = keyof Routes;

/** One part of a call's input: absent where the route takes none, optional where no member is required. */
type Part<Name extends string, Fields> = string extends keyof Fields
  ? unknown
  : [keyof Fields] extends [never]
    ? unknown
    : Record<never, never> extends Fields
      ? { readonly [N in Name]?: Fields }
      : { readonly [N in Name]: Fields };

/** What a call of a route takes: the parameters of its path, its query, and its JSON body. */
export type Input<Key extends RouteKey> = Part<'parameters', z.input<Routes[Key]['parameters']>> &
  Part<'query', z.input<Routes[Key]['query']>> &
  Part<'body', z.input<Routes[Key]['body']>>;

type Answers<R extends Route> = R['answers'][keyof R['answers']];

/** The JSON body of a route's answers. */
export type Body<Key extends RouteKey> =
  Answers<Routes[Key]> extends infer One
    ? One extends { readonly schema: infer Schema extends z.ZodMiniType }
      ? z.input<Schema>
      : never
    : never;
