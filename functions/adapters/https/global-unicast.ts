import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The one block from which IANA assigns IPv6 addresses that are reachable from everywhere (RFC 4291, 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address can be that of a host on the internet. `ipaddr.js` knows the blocks of IANA's registries of special
 * purposes. Its "unicast" also has IPv6 addresses that are not assigned, such as those that contain an IPv4 address.
 */
export function isGlobalUnicast(text: string): boolean {
  if (isIP(text) === 0) return false;
  const address = ipaddr.parse(text);
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST));
}
