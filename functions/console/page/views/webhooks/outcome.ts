import type { Outcome } from './types.ts';

/** Why an endpoint gave no answer, with what to check. */
const ERRORS: Readonly<Record<NonNullable<Outcome['error']>, string>> = {
  REFUSED_ADDRESS: 'the URL, or an address of its host, is not allowed',
  DNS: 'the host name has no address',
  CONNECT: 'no connection: check the receiver and its firewall',
  TLS: 'no valid certificate of a public authority',
  TIMEOUT: 'no complete answer within 15 seconds: the receiver should answer before it works',
  PROTOCOL: 'the connection broke, or the answer is no HTTP',
  TOO_LONG: 'the headers of the answer are too long',
  INTERRUPTED: 'the service ended during the attempt, so the receiver may have the event',
};

/** Describes the end of an attempt in words. */
export function outcomeText({ status, error, duration_ms }: Outcome): string {
  return error === null
    ? `answered ${status} after ${duration_ms} ms`
    : `${error} after ${duration_ms} ms: ${ERRORS[error]}`;
}
