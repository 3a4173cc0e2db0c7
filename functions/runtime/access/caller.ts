import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { nonEmptyString } from '../env.ts';
import { type Role, roleOf } from './role.ts';
import { claimsInToken, recordIn } from './token.ts';

/** The environment variables of a function that checks the caller's role. */
export const CallerEnv = {
  /** The claim that lists a user's groups. */
  GROUPS_CLAIM: nonEmptyString,
  /** A claim that the tokens of people have, and those of machines lack. */
  PERSON_CLAIM: nonEmptyString,
};
export type ClaimNames = Readonly<Record<keyof typeof CallerEnv, string>>;

/** The caller, from the claims that the gateway has verified, or from the API key that the function has checked. */
export interface Caller {
  /** `unknown`: nothing says whether the token is a person's or a machine's. */
  readonly kind: 'person' | 'machine' | 'key' | 'unknown';
  /**
   * The token's subject: a user's id or a machine's client id. It is a name or an address only if the issuer uses them
   * as subject. For an API key, `key:` and its id.
   */
  readonly who: string;
  readonly role: Role | undefined;
}

/** Reads the caller of a request. */
export function callerOf(event: APIGatewayProxyEventV2, { GROUPS_CLAIM, PERSON_CLAIM }: ClaimNames): Caller {
  const claims = checkedClaims(event.requestContext);
  // A claim name such as `constructor` finds a member of the prototype. That is no string, so the claim counts as
  // missing.
  const text = (name: string): string => {
    const value = claims[name];
    return typeof value === 'string' ? value : '';
  };
  const who = text('sub') || text('client_id');
  const inToken = claimsInToken(event);
  const isPerson = text(PERSON_CLAIM) !== '' && typeof inToken[PERSON_CLAIM] === 'string';
  const isClient = isAboutClient(text);
  const kind = isClient || isLikeMachine(text) ? 'machine' : isPerson ? 'person' : 'unknown';
  // An id token identifies a user to an application and authorizes no call. Cognito marks its id tokens.
  if (text('token_use') === 'id') return { kind, who, role: undefined };
  const groups = groupsOf(text(GROUPS_CLAIM), inToken[GROUPS_CLAIM]);
  return { kind, who, role: roleOf(groups, isClient ? words(text('scope') || text('scp')) : []) };
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
 * Whether the token is about the client itself: that is its subject (RFC 9068, 2.2; Auth0 adds `@clients`), or its issuer
 * says so (Auth0 in `gty`, Entra ID in `idtyp`). Its scopes count. A user's token can hold any scope that an application
 * requested, which says nothing about the user's rights.
 */
const isAboutClient = (text: (name: string) => string): boolean =>
  text('gty') === 'client-credentials' ||
  text('idtyp') === 'app' ||
  CLIENT_CLAIMS.some((name) => {
    const client = text(name);
    return client !== '' && (text('sub') === client || text('sub') === `${client}@clients`);
  });

/**
 * Whether the token is like a machine's: Keycloak names its service accounts so, and an application of Entra ID is its own
 * object. A user can choose such a name at some issuers, so the scopes do not count for it.
 */
const isLikeMachine = (text: (name: string) => string): boolean =>
  text('preferred_username').startsWith('service-account-') || (text('oid') !== '' && text('oid') === text('sub'));

const CLIENT_CLAIMS = ['client_id', 'cid', 'azp'];

/** The words of `a b`, or of a list, which arrives as `[a b]`. */
const words = (text: string): string[] =>
  (text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text).split(' ');
