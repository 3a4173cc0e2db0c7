import type * as z from 'zod/mini';
import type { Route } from '../../route.ts';
import type { Reply } from './reply.ts';

type BodyOf<A> = A extends { readonly schema: infer S extends z.ZodMiniType } ? z.input<S> : never;

/** A route's answer with a status. The type checker compares the body with the schema that the route declares. */
export const json = <R extends Route, const Status extends keyof R['answers'] & number>(
  _: R,
  status: Status,
  body: BodyOf<R['answers'][Status]>,
): Reply & { readonly body: string } => ({ status, body: JSON.stringify(body) });
