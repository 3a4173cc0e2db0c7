import { describe, expect, it } from 'vitest';
import { type UrlRules, urlFault } from '../../../../../functions/adapters/https/url-rules.ts';

const RULES: UrlRules = { allowedHosts: [], allowedPorts: ['443'], ownHosts: [], allowLoopback: false };
const fault = (text: string, rules: Partial<UrlRules> = {}) => urlFault(text, { ...RULES, ...rules });

describe('a webhook URL', () => {
  it.each([
    'https://hooks.example.com',
    'https://hooks.example.com/',
    'HTTPS://Hooks.Example.COM:443/a/b?c=d&e=%20@x',
    'https://a-b.c_d.example.com/a@b',
    'https://bücher.example.com/',
    `https://hooks.example.com/${'a'.repeat(2048 - 'https://hooks.example.com/'.length)}`,
  ])('%.60s is allowed', (text) => {
    expect(fault(text)).toBeUndefined();
  });

  it.each([
    ['http://hooks.example.com', 'must be an https URL'],
    ['hooks.example.com', 'must be an https URL'],
    ['', 'must be an https URL'],
    ['https://', 'must be an https URL'],
    ['https:hooks.example.com', 'must be an https URL'],
    ['https:///hooks.example.com', 'must be an https URL'],
    ['https:\\\\hooks.example.com', 'must be an https URL'],
    ['https://hooks.example.com/a b', 'must be an https URL'],
    ['https://hooks.example.com/\u0000', 'must be an https URL'],
    ['https://hooks.example.com/#', 'must not have a fragment'],
    ['https://hooks.example.com/#a', 'must not have a fragment'],
    ['https://user@hooks.example.com', 'must not have a user name or a password'],
    ['https://user:password@hooks.example.com', 'must not have a user name or a password'],
    ['https://@hooks.example.com', 'must not have a user name or a password'],
    ['https://hooks.example.com:8443', 'must have the port 443'],
    ['https://hooks.example.com:80', 'must have the port 443'],
    ['https://8.8.8.8', 'must have a host name, not an IP address'],
    ['https://134744072', 'must have a host name, not an IP address'],
    ['https://0x8.0x8.0x808', 'must have a host name, not an IP address'],
    ['https://[2606:4700::1111]', 'must have a host name, not an IP address'],
    ['https://hooks.example.com.', 'must have a valid host name, without a dot at its end'],
    ['https://hooks..example.com', 'must have a valid host name, without a dot at its end'],
    ['https://-hooks.example.com', 'must have a valid host name, without a dot at its end'],
    ['https://hooks*.example.com', 'must have a valid host name, without a dot at its end'],
    [`https://${'a'.repeat(64)}.example.com`, 'must have a valid host name, without a dot at its end'],
    [`https://${'a.'.repeat(124)}example.com`, 'must have a valid host name, without a dot at its end'],
    ['https://localhost', 'must have a public host name'],
    ['https://hooks.localhost', 'must have a public host name'],
    ['https://hooks.local', 'must have a public host name'],
    ['https://hooks.internal', 'must have a public host name'],
    ['https://hooks.home.arpa', 'must have a public host name'],
    ['https://com', 'must have a public host name'],
    [`https://hooks.example.com/${'a'.repeat(2048)}`, 'must have at most 2048 characters'],
  ])('%.60s %s', (text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  it('may have the allowed ports and no others', () => {
    const rules = { allowedPorts: ['8443', '443'] };
    expect(fault('https://hooks.example.com:8443', rules)).toBeUndefined();
    expect(fault('https://hooks.example.com', rules)).toBeUndefined();
    expect(fault('https://hooks.example.com:8444', rules)).toBe('must have one of the ports 8443, 443');
    expect(fault('https://hooks.example.com', { allowedPorts: ['8443'] })).toBe('must have the port 8443');
  });

  it.each([
    ['https://hooks.example.com', true],
    ['https://HOOKS.example.com', true],
    ['https://a.partner.example', true],
    ['https://a.b.partner.example', true],
    ['https://partner.example', false],
    ['https://evilpartner.example', false],
    ['https://x.hooks.example.com', false],
    ['https://hooks.example.com.evil.example', false],
  ])('with a list of allowed hosts, whether %s is allowed is %s', (text, isAllowed) => {
    const allowedHosts = ['Hooks.Example.com', '*.partner.example'];
    expect(fault(text, { allowedHosts })).toBe(isAllowed ? undefined : 'must have one of the allowed host names');
  });

  it.each(['https://api.example.com', 'https://API.example.COM/x'])('%s is refused where it is the service', (text) => {
    const expected = 'must not have a host name of this service';
    expect(fault(text, { ownHosts: ['api.example.com'] })).toBe(expected);
    expect(fault(text, { ownHosts: ['API.example.com.'], allowedHosts: ['api.example.com'] })).toBe(expected);
    expect(fault(text, { ownHosts: ['other.example.com'] })).toBeUndefined();
  });
});

describe('a URL of this machine', () => {
  it.each(['http://127.0.0.1:1', 'http://localhost:8080/a?b', 'http://[::1]:65535/'])(
    '%s is allowed where loopback is',
    (text) => {
      expect(fault(text, { allowLoopback: true, allowedHosts: ['hooks.example.com'] })).toBeUndefined();
      expect(fault(text)).toBe('must be an https URL');
    },
  );

  it.each([
    'http://127.0.0.1',
    'http://127.0.0.1/',
    'http://127.0.0.2:80',
    'http://127.1:80',
    'http://0.0.0.0:80',
    'http://localhost.:80',
    'http://localhost:80@example.com',
    'http://localhost:99999',
    'http://localhost.example.com:80',
    'http://example.com:80',
    'http://10.0.0.1:80',
    'https://127.0.0.1:443',
    'https://localhost',
    'http://localhost:80/#',
  ])('%s is refused where loopback is allowed', (text) => {
    expect(fault(text, { allowLoopback: true })).toBeTypeOf('string');
  });
});
