import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { type Role, roleOf } from '../domain/role.ts';

/** What a function needs to know of those who call it. */
export const CallerEnv = { GROUPS_CLAIM: z.string().min(1) };

/** Who calls, as the gateway has checked. */
export interface Caller {
  /** The token's subject: a user's id, or a machine's client id. Never a name or an address. */
  readonly who: string;
  readonly role: Role | undefined;
}

/** Claims arrive as text, a list as `[a b]`. */
const Checked = z.object({
  authorizer: z
    .object({ jwt: z.object({ claims: z.record(z.string(), z.unknown()) }) })
    .optional()
    .catch(undefined),
});

/** @param groupsClaim the claim that lists a person's groups. */
export function callerOf(event: APIGatewayProxyEventV2, groupsClaim: string): Caller {
  const claims = Checked.parse(event.requestContext).authorizer?.jwt.claims ?? {};
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : '');
  return {
    who: text('sub') || text('client_id'),
    role: roleOf(listed(text(groupsClaim)), text('scope').split(' ')),
  };
}

const listed = (claim: string): readonly string[] =>
  claim.startsWith('[') && claim.endsWith(']') ? claim.slice(1, -1).split(' ') : [claim];
