import * as z from 'zod/mini';
import { SCHEMA } from './keys.ts';

const Session = z.object({
  v: z.literal(SCHEMA),
  access_token: z.string(),
  /** Missing where AnyCheck issued none, and while it is used. */
  refresh_token: z.optional(z.string()),
  /** When the session is renewed, and when its access token ends, ms since the epoch. Earlier builds wrote no end. */
  renew_at: z.number(),
  ends_at: z._default(z.number(), 0),
  /** The version of the secret's value that it was opened with. */
  credentials: z.string(),
  /** Set from a login until AnyCheck accepts a token of the session. */
  is_new: z.optional(z.literal(1)),
});

/** The logins since the last one of which AnyCheck accepted a token, and the lock of the one under way. */
const Opening = z.object({
  logins: z._default(z.number(), 0),
  last_login_at: z._default(z.number(), 0),
  logins_with: z._default(z.string(), ''),
  /** Until then, the instance that set it opens a session. */
  lock_until: z._default(z.number(), 0),
});

export type Session = z.infer<typeof Session>;

/** The state of the fleet's session. */
export interface SessionState {
  readonly session: Session | undefined;
  readonly logins: {
    readonly count: number;
    /** ms since the epoch. */
    readonly lastAt: number;
    /** The version of the secret's value that they used. */
    readonly credentials: string;
  };
  /** ms since the epoch: until then, one instance is opening a session. */
  readonly lockedUntil: number;
}

/** Parses the session row. @param item undefined if there is no row yet. */
export function sessionStateOf(item: unknown): SessionState {
  const session = Session.safeParse(item).data;
  const {
    logins,
    last_login_at: lastAt,
    logins_with: credentials,
    lock_until: lockedUntil,
  } = Opening.parse(item ?? {});
  return { session, logins: { count: logins, lastAt, credentials }, lockedUntil };
}
