import type { Network } from './network.ts';

/** What a sender must do with a URL, sent to as often as it has outcomes. */
export interface TargetUrl {
  readonly title: string;
  readonly url: string;
  readonly outcomes: readonly (number | 'REFUSED_ADDRESS')[];
}

const PUBLIC_4 = '93.184.215.14';
const PUBLIC_6 = '2606:2800:21f:cb07:6820:80da:af6b:8b2c';
/** A host name of the service itself. */
export const OWN_HOST = 'api.snapshots.example.com';
/** Answers 200. */
const GOOD = 'good.example.com';
/** Answers 302, to a canary. */
export const REDIRECTING = 'redirecting.example.com';

/** Addresses that no name of a receiver may have. */
const REFUSED: Readonly<Record<string, string>> = {
  '127.0.0.1': 'loopback',
  '127.255.255.254': 'loopback, at its end',
  '0.0.0.0': 'this host',
  '0.1.2.3': 'this network',
  '10.0.0.1': 'private (10/8)',
  '172.16.0.1': 'private (172.16/12)',
  '172.31.255.255': 'private (172.16/12), at its end',
  '192.168.0.1': 'private (192.168/16)',
  '169.254.169.254': 'the metadata service',
  '169.254.170.2': 'the credentials of a container',
  '169.254.100.1': 'link-local, where a function has its runtime',
  '100.64.0.1': 'shared address space',
  '100.100.100.200': 'a metadata service in shared address space',
  '192.0.0.192': 'a metadata service in protocol assignments',
  '192.0.2.1': 'documentation (1)',
  '198.51.100.1': 'documentation (2)',
  '203.0.113.1': 'documentation (3)',
  '192.88.99.1': '6to4 relays',
  '198.18.0.1': 'benchmarking',
  '198.19.255.255': 'benchmarking, at its end',
  '224.0.0.1': 'multicast',
  '239.255.255.255': 'multicast, at its end',
  '240.0.0.1': 'reserved',
  '255.255.255.255': 'broadcast',
  '::': 'unspecified',
  '::1': 'IPv6 loopback',
  '::7f00:1': 'IPv4-compatible loopback',
  '::a9fe:a9fe': 'IPv4-compatible metadata service',
  '::ffff:127.0.0.1': 'IPv4-mapped loopback',
  '::ffff:a9fe:a9fe': 'IPv4-mapped metadata service',
  '::ffff:0:7f00:1': 'IPv4-translated loopback',
  '64:ff9b::7f00:1': 'NAT64 of loopback',
  '64:ff9b:1::a00:1': 'local NAT64 of a private address',
  '100::1': 'discard-only',
  '100:0:0:1::1': 'dummy',
  '2001::1': 'Teredo',
  '2001:2::1': 'IPv6 benchmarking',
  '2001:10::1': 'ORCHID',
  '2001:20::1': 'ORCHIDv2',
  '2001:db8::1': 'IPv6 documentation (1)',
  '3fff::1': 'IPv6 documentation (2)',
  '2002:7f00:1::': '6to4 of loopback',
  '2002:a9fe:a9fe::1': '6to4 of the metadata service',
  '5f00::1': 'segment routing',
  '4000::1': 'not assigned',
  'fc00::1': 'unique local (fc)',
  'fd00:ec2::254': 'the metadata service over IPv6',
  'fe80::1': 'IPv6 link-local',
  'fe80::1%lo': 'IPv6 link-local with a zone',
  'fec0::1': 'site-local',
  'ff02::1': 'IPv6 multicast',
};

/** Public addresses, many of them beside a refused block. */
const ALLOWED = [
  PUBLIC_4,
  PUBLIC_6,
  '9.255.255.255',
  '11.0.0.1',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.169.0.1',
  '198.20.0.1',
  '223.255.255.254',
  '2001:4860:4860::8888',
  '2a00:1450:4001:81b::2003',
];

/** Names whose lookups have several addresses, or other ones each time. */
const MIXED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'public-then-loopback.example.com': [[PUBLIC_4, '127.0.0.1']],
  'loopback-then-public.example.com': [['127.0.0.1', PUBLIC_4]],
  'public-with-ipv6-loopback.example.com': [[PUBLIC_4, '::1']],
  'public-ipv6-with-private.example.com': [[PUBLIC_6, '10.0.0.1']],
  'many-and-metadata.example.com': [[...ALLOWED, '169.254.169.254']],
  'public-with-mapped.example.com': [[PUBLIC_6, '::ffff:10.0.0.1']],
};
const REBINDING: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'rebinding.example.com': [[PUBLIC_4], ['127.0.0.1']],
  'rebinding-ipv6.example.com': [[PUBLIC_6], ['::1']],
  'rebinding-to-both.example.com': [[PUBLIC_4], [PUBLIC_4, '127.0.0.1']],
};

const nameOf = (address: string) => `${address.replaceAll(/[^a-f\d]/gi, '-')}.names.example.com`.replace(/^-+/, 'x');

/** All names that a test server needs a certificate for. */
export const SERVED_NAMES = [...ALLOWED.map(nameOf), ...Object.keys(REBINDING), GOOD, REDIRECTING];

/** Texts of URLs that are refused for what they are. @param port of the canaries, which the sender allows. */
const refusedTexts = (port: number): readonly string[] => [
  // IP addresses in each notation that a URL parser or a resolver knows.
  `https://127.0.0.1:${port}/`,
  `https://127.0.0.1.:${port}/`,
  `https://2130706433:${port}/`,
  `https://0x7f000001:${port}/`,
  `https://017700000001:${port}/`,
  `https://0177.0.0.1:${port}/`,
  `https://0x7f.0x0.0x0.0x1:${port}/`,
  `https://0x7f.1:${port}/`,
  `https://127.1:${port}/`,
  `https://127.0.1:${port}/`,
  `https://0:${port}/`,
  `https://①②⑦.⓪.⓪.①:${port}/`,
  `https://127。0。0。1:${port}/`,
  `https://%31%32%37.0.0.1:${port}/`,
  `https://[::1]:${port}/`,
  `https://[0:0:0:0:0:0:0:1]:${port}/`,
  `https://[::]:${port}/`,
  `https://[::127.0.0.1]:${port}/`,
  `https://[::ffff:127.0.0.1]:${port}/`,
  `https://[::ffff:7f00:1]:${port}/`,
  `https://[::1%25lo]:${port}/`,
  'https://256.256.256.256/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[fd00:ec2::254]/latest/meta-data/',
  `https://${PUBLIC_4}/`,
  `https://[${PUBLIC_6}]/`,
  // Names that stand for this machine or its network.
  `https://localhost:${port}/`,
  `https://LOCALHOST:${port}/`,
  `https://localhost.:${port}/`,
  `https://any.localhost:${port}/`,
  'https://printer.local/',
  'https://ip-10-0-0-1.eu-west-1.compute.internal/',
  'https://router.home.arpa/',
  'https://intranet/',
  // User information.
  `https://user:password@${GOOD}/`,
  `https://@${GOOD}/`,
  `https://${GOOD}@127.0.0.1:${port}/`,
  `https://${GOOD}:443@localhost:${port}/`,
  // Schemes and ports.
  `http://${GOOD}/`,
  `http://127.0.0.1:${port}/`,
  `http://localhost:${port}/`,
  `http://[::1]:${port}/`,
  `ftp://${GOOD}/`,
  'file:///etc/passwd',
  `https://${GOOD}:22/`,
  `https://${GOOD}:80/`,
  `https://${GOOD}:0/`,
  `https://${GOOD}:65536/`,
  // Texts that parsers take for different URLs.
  `https://${GOOD}\\@127.0.0.1:${port}/`,
  `https:\\\\127.0.0.1:${port}/`,
  `https:/${GOOD}/`,
  `https:${GOOD}`,
  `https:///${GOOD}/`,
  `ht\ntps://${GOOD}/`,
  `https://${GOOD}\t.127.0.0.1/`,
  ` https://${GOOD}/`,
  `https://${GOOD}/#@127.0.0.1:${port}/`,
  `https://${GOOD}/\r\nhost: 127.0.0.1`,
  `https://${GOOD}/${'a'.repeat(2048)}`,
  '',
  // The service itself.
  `https://${OWN_HOST}/groups`,
  `https://${OWN_HOST.toUpperCase()}/`,
  `https://${OWN_HOST}./`,
];

/** URLs that no sender may connect to. @param port of the canaries. */
export const hostileUrls = (port: number): readonly TargetUrl[] => [
  ...refusedTexts(port).map((url) => ({ title: JSON.stringify(url).slice(0, 80), url, outcomes: REFUSAL })),
  ...Object.entries(REFUSED).map(([address, title]) => ({
    title: `a name with the address ${address}: ${title}`,
    url: `https://${nameOf(address)}:${port}/`,
    outcomes: REFUSAL,
  })),
  ...Object.entries(MIXED).map(([name, [addresses]]) => ({
    title: `a name with the addresses ${addresses?.join(' and ')}`,
    url: `https://${name}:${port}/`,
    outcomes: REFUSAL,
  })),
  ...Object.entries(REBINDING).map(([name, [first, second]]) => ({
    title: `a name with the address ${first?.join()}, and at the next lookup ${second?.join(' and ')}`,
    url: `https://${name}:${port}/`,
    // One lookup for a request, no socket of an earlier one.
    outcomes: [200, 'REFUSED_ADDRESS', 'REFUSED_ADDRESS'] as const,
  })),
  { title: 'an answer that redirects to this machine', url: `https://${REDIRECTING}/`, outcomes: [302] },
];
const REFUSAL = ['REFUSED_ADDRESS'] as const;

/** URLs that a sender does connect to, so that a refusal above is not for another reason. */
export const ALLOWED_URLS: readonly TargetUrl[] = ALLOWED.map((address) => ({
  title: `a name with the address ${address}`,
  url: `https://${nameOf(address)}/a/path?and=query`,
  outcomes: [200],
}));

/**
 * The network of all these URLs. A connection to an allowed address comes to the test server, each other one to a canary.
 * @param through ports of this machine that the sender needs for itself.
 */
export const hostileNetwork = (server: number, canary: number, through: readonly number[] = []): Network => ({
  names: {
    ...Object.fromEntries([...Object.keys(REFUSED), ...ALLOWED].map((address) => [nameOf(address), [[address]]])),
    ...MIXED,
    ...REBINDING,
    [GOOD]: [[PUBLIC_4]],
    [REDIRECTING]: [[PUBLIC_4]],
    // What a resolver of a private network may answer.
    'localhost.': [['127.0.0.1']],
    localhost: [['127.0.0.1']],
  },
  routes: Object.fromEntries(ALLOWED.map((address) => [address, server])),
  otherwise: canary,
  through,
});
