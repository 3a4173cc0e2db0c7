import dns from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isGlobalUnicast } from './global-unicast.ts';

/** Why a host name was refused. The message does not contain the address. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

/**
 * Resolves a host name for a socket, which then connects to the returned addresses and to no other.
 * All addresses of the name must be global unicast. One that is not gives `RefusedAddress`, because the owner of a name
 * chooses which of its addresses a client tries first.
 */
export const lookupPublic: LookupFunction = (host, options, callback) =>
  dns.lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    if (addresses.length === 0) return callback(new Error('the name has no address'), []);
    const isPublic = addresses.every(({ address }) => isGlobalUnicast(address));
    callback(isPublic ? null : new RefusedAddress('the name has an address that is not allowed'), addresses);
  });

/** Resolves `localhost` without a name server, so that it is this machine wherever the name servers point. */
export const lookupLoopback: LookupFunction = (_host, _options, callback) =>
  callback(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);
