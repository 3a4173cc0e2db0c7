import type { LocalUser } from '../users.ts';

/** A public client: a page without a secret. */
export interface PublicClient {
  readonly id: string;
  /** The addresses to which the issuer sends a person back. The calls of their origins are allowed, too. */
  readonly redirectUris: Set<string>;
}

/** What a person has granted a client. */
export interface Grant {
  readonly user: LocalUser;
  readonly scope: string;
  readonly audience: string;
  readonly nonce: string | undefined;
}

/** A grant that waits for its code, bound to its request (RFC 7636). */
export interface CodeGrant extends Grant {
  readonly redirectUri: string;
  readonly challenge: string;
}
