import { isIP } from 'node:net';

/** What a webhook URL may be, beyond what holds for all of them. */
export interface UrlRules {
  /** Host names, or `*.example.com` for all names below one; empty: any public host. */
  readonly allowedHosts: readonly string[];
  /** The ports that a URL may name; 443 is the one of a URL without a port. */
  readonly allowedPorts: readonly string[];
  /** Host names of this service, which would send itself events. */
  readonly ownHosts: readonly string[];
  /** Whether `http` to this machine is allowed, with a port. */
  readonly allowLoopback: boolean;
}

const MAX_CHARACTERS = 2048;
const MAX_HOST_CHARACTERS = 253;
const LABEL = /^(?!-)[a-z\d_-]{1,63}(?<!-)$/;
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+([/?]|$)/;

/**
 * Top-level names that stand for no host on the internet: the special names of RFC 6761, 6762, 7686, 8375 and 9476, and
 * those that ICANN does not delegate because private networks use them.
 */
const SPECIAL = new Set(
  'localhost localdomain local internal intranet private corp home lan arpa onion alt'.split(' '),
);

/**
 * Checks the text of a webhook URL. The addresses of its host are checked when a request connects.
 * @returns undefined, or the predicate of a sentence about the URL, such as `must be an https URL`.
 */
export function urlFault(text: string, rules: UrlRules): string | undefined {
  if (text.length > MAX_CHARACTERS) return `must have at most ${MAX_CHARACTERS} characters`;
  // A parser removes or replaces these characters, so that another reader can take the URL for another one.
  const url = /[\s\\\p{Cc}]/u.test(text) ? null : URL.parse(text);
  if (url && text.includes('#')) return 'must not have a fragment';
  if (url && rules.allowLoopback && LOOPBACK.test(text)) return undefined;
  if (!url || !/^https:\/\/[^/?]/i.test(text)) return 'must be an https URL';
  if (/^[^/]*\/\/[^/?]*@/.test(text)) return 'must not have a user name or a password';
  return portFault(url, rules) ?? hostFault(url.hostname, rules);
}

function portFault({ port }: URL, { allowedPorts }: UrlRules): string | undefined {
  // The parser leaves out the port 443.
  if (allowedPorts.includes(port || '443')) return undefined;
  return allowedPorts.length === 1
    ? `must have the port ${allowedPorts[0]}`
    : `must have one of the ports ${allowedPorts.join(', ')}`;
}

/** @param host lower case, and each notation of an IPv4 address as four decimal numbers, as the parser returns it. */
function hostFault(host: string, { allowedHosts, ownHosts }: UrlRules): string | undefined {
  if (host.startsWith('[') || isIP(host) !== 0) return 'must have a host name, not an IP address';
  const labels = host.split('.');
  if (host.length > MAX_HOST_CHARACTERS || !labels.every((label) => LABEL.test(label)))
    return 'must have a valid host name, without a dot at its end';
  if (labels.length < 2 || SPECIAL.has(labels.at(-1) ?? '')) return 'must have a public host name';
  if (ownHosts.some((own) => matches(host, own))) return 'must not have a host name of this service';
  if (allowedHosts.length > 0 && !allowedHosts.some((allowed) => matches(host, allowed)))
    return 'must have one of the allowed host names';
  return undefined;
}

/** @param pattern a host name in any case, with or without a dot at its end, or `*.` before one. */
function matches(host: string, pattern: string): boolean {
  const name = pattern.toLowerCase().replace(/\.$/, '');
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name;
}
