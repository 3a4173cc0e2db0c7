import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { nonEmptyString } from '../env.ts';
import { type Role, roleOf } from './role.ts';
import { claimsInToken, recordIn } from './token.ts';

/** The environment variables of a function that checks the caller's role. */
export const CallerEnv = { GROUPS_CLAIM: nonEmptyString };

/** The caller, from the claims that the gateway has verified. */
export interface Caller {
  /**
   * The token's subject: a user's id or a machine's client id. It is a name or an address only if the issuer uses them
   * as subject.
   */
  readonly who: string;
  readonly role: Role | undefined;
}

/** Reads the caller of a request. @param groupsClaim the claim that lists a user's groups. */
export function callerOf(event: APIGatewayProxyEventV2, groupsClaim: string): Caller {
  const claims = checkedClaims(event.requestContext);
  // A claim name such as `constructor` finds a member of the prototype. That is no string, so the claim counts as
  // missing.
  const text = (name: string): string => {
    const value = claims[name];
    return typeof value === 'string' ? value : '';
  };
  const who = text('sub') || text('client_id');
  // An id token identifies a user to an application and authorizes no call. Cognito marks its id tokens.
  if (text('token_use') === 'id') return { who, role: undefined };
  const groups = groupsOf(text(groupsClaim), claimsInToken(event)[groupsClaim]);
  return { who, role: roleOf(groups, isMachine(text) ? words(text('scope') || text('scp')) : []) };
}

/** The claims of a token that the gateway accepted, each as text. Without zod, because this runs at every call. */
function checkedClaims(context: object): Readonly<Record<string, unknown>> {
  const authorizer = 'authorizer' in context ? recordIn(context.authorizer) : {};
  return recordIn(recordIn(authorizer.jwt).claims);
}

/**
 * The groups that both the gateway's text and the token contain, character by character. The gateway writes a list as
 * `[a b]`, so `["not admin"]` looks like `["not","admin"]`. The token alone is unverified input.
 */
function groupsOf(checked: string, inToken: unknown): string[] {
  // A single group is a string, several are a list. A list element that is not a string matches nothing.
  const groups: readonly unknown[] = Array.isArray(inToken) ? inToken : [inToken];
  return words(checked).filter((word) => groups.includes(word));
}

/**
 * Whether the token is a machine's: its subject is the client itself (RFC 9068, 2.2; Auth0 adds `@clients`). A user's
 * token can hold any scope that an application requested, which says nothing about the user's rights.
 */
const isMachine = (text: (name: string) => string): boolean =>
  CLIENT_CLAIMS.some((name) => {
    const client = text(name);
    return client !== '' && (text('sub') === client || text('sub') === `${client}@clients`);
  });

const CLIENT_CLAIMS = ['client_id', 'cid', 'azp'];

/** The words of `a b`, or of a list, which arrives as `[a b]`. */
const words = (text: string): string[] =>
  (text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text).split(' ');
