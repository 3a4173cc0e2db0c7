import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { nonEmptyString } from '../env.ts';
import { type Role, roleOf } from './role.ts';
import { claimsInToken, recordIn } from './token.ts';

/** What a function needs to know of those who call it. */
export const CallerEnv = { GROUPS_CLAIM: nonEmptyString };

/** Who calls, as the gateway has checked. */
export interface Caller {
  /** The token's subject: a user's id, or a machine's client id. Never a name or an address, where the issuer gives none. */
  readonly who: string;
  readonly role: Role | undefined;
}

/** @param groupsClaim the claim that lists a person's groups. */
export function callerOf(event: APIGatewayProxyEventV2, groupsClaim: string): Caller {
  const claims = checkedClaims(event.requestContext);
  // What every object has from its prototype is no text: a claim of such a name is as good as missing.
  const text = (name: string): string => {
    const value = claims[name];
    return typeof value === 'string' ? value : '';
  };
  const who = text('sub') || text('client_id');
  // An id token says who somebody is, to an application; it is no permission to call. Cognito's can be told.
  if (text('token_use') === 'id') return { who, role: undefined };
  const groups = groupsOf(text(groupsClaim), claimsInToken(event)[groupsClaim]);
  return { who, role: roleOf(groups, isMachine(text) ? words(text('scope') || text('scp')) : []) };
}

/** The claims of a token that the gateway let in, every one as text. Checked by hand: this runs at every call. */
function checkedClaims(context: object): Readonly<Record<string, unknown>> {
  const authorizer = 'authorizer' in context ? recordIn(context.authorizer) : {};
  return recordIn(recordIn(authorizer.jwt).claims);
}

/**
 * The groups that stand in the gateway's text and, letter by letter, in the token. A list arrives from the gateway as `[a b]`, so
 * that `["not admin"]` looks like `["not","admin"]`; and the token by itself is only what somebody sent.
 */
function groupsOf(checked: string, inToken: unknown): string[] {
  // One as text, or several as a list, of which what is not text matches nothing.
  const groups: readonly unknown[] = Array.isArray(inToken) ? inToken : [inToken];
  return words(checked).filter((word) => groups.includes(word));
}

/**
 * A machine's token is about the client itself (RFC 9068, 2.2; Auth0 adds `@clients`). A person's token may carry any scope
 * that an application has asked for, which says nothing of what the person may do.
 */
const isMachine = (text: (name: string) => string): boolean =>
  CLIENT_CLAIMS.some((name) => {
    const client = text(name);
    return client !== '' && (text('sub') === client || text('sub') === `${client}@clients`);
  });

const CLIENT_CLAIMS = ['client_id', 'cid', 'azp'];

/** Of `a b`, and of a list, which arrives as `[a b]`. */
const words = (text: string): string[] =>
  (text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text).split(' ');
