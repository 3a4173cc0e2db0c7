import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../../lib/settings/settings.ts';

const prefix = { auth_domain_prefix: 'anycheck-ours' };
const issuer = { oidc_issuer: 'https://login.example.com/tenant/', oidc_audience: 'api://anycheck-snapshots' };

describe('who may call', () => {
  it('is people in a user pool, and no machine, unless the settings say otherwise', () => {
    const settings = parseSettings({});
    expect(settings).toMatchObject({ machine_clients: {}, groups_claim: 'cognito:groups', person_claim: 'username' });
    for (const key of ['auth_domain_prefix', 'oidc_issuer', 'oidc_audience']) expect(settings).not.toHaveProperty(key);
  });

  it('may be machines by name and role, set in cdk.json or on the command line', () => {
    const machine_clients = { scoring: 'viewer', 'case-desk-2': 'operator' };
    expect(parseSettings({ machine_clients, ...prefix })).toMatchObject({ machine_clients, ...prefix });
    const text = JSON.stringify(machine_clients);
    expect(parseSettings({ machine_clients: text, ...prefix })).toMatchObject({ machine_clients });
  });

  it('may be whom another issuer names, with its address kept letter by letter', () => {
    expect(parseSettings(issuer)).toMatchObject({ ...issuer, oidc_audience: ['api://anycheck-snapshots'] });
    expect(parseSettings({ ...issuer, machine_clients: {} }).oidc_issuer).toBe('https://login.example.com/tenant/');
  });

  it.each([
    ['a', ['a']],
    ['12345', ['12345']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    ['["a", "b"]', ['a', 'b']],
  ])('with the audience %j admits every caller with a token for %j', (oidc_audience, audience) => {
    expect(parseSettings({ ...issuer, oidc_audience }).oidc_audience).toEqual(audience);
  });

  it('may be an issuer without TLS in the local run alone', () => {
    const plain = { ...issuer, oidc_issuer: 'http://127.0.0.1:1234' };
    expect(parseSettings({ ...plain, stage: 'local' }).oidc_issuer).toBe(plain.oidc_issuer);
    expect(() => parseSettings(plain)).toThrow('Setting "oidc_issuer" is not usable: must be an https URL.');
  });
});

describe('a setting of who may call is refused in a sentence that names it', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`m${at}`, 'viewer']));

  it.each<[string, string, Record<string, unknown>]>([
    ['machine_clients', 'must be an object, such as {"scoring":"viewer"}', { machine_clients: 'scoring', ...prefix }],
    ['machine_clients', 'must be an object, such as {"scoring":"viewer"}', { machine_clients: ['a'], ...prefix }],
    ['machine_clients', 'must name at most 49 machines', { machine_clients: many, ...prefix }],
    [
      'machine_clients',
      'must not contain names that differ only in hyphens',
      { machine_clients: { 'a-1': 'viewer', a1: 'viewer' }, ...prefix },
    ],
    [
      'machine_clients.Scoring',
      'must name machines with 1 to 32 characters of a-z, 0-9 and -, starting with a letter',
      { machine_clients: { Scoring: 'viewer' }, ...prefix },
    ],
    [
      'machine_clients.scoring',
      'must be one of viewer, operator, admin',
      { machine_clients: { scoring: 'root' }, ...prefix },
    ],
    ['machine_clients', 'requires auth_domain_prefix', { machine_clients: { scoring: 'viewer' } }],
    ['auth_domain_prefix', 'requires machine_clients', prefix],
    [
      'auth_domain_prefix',
      'must not contain aws, amazon or cognito',
      { machine_clients: { scoring: 'viewer' }, auth_domain_prefix: 'my-cognito' },
    ],
    [
      'auth_domain_prefix',
      'must be 1 to 63 characters of a-z, 0-9 and -, without - at either end',
      { machine_clients: { scoring: 'viewer' }, auth_domain_prefix: 'ours-' },
    ],
    ['oidc_issuer', 'requires oidc_audience', { oidc_issuer: issuer.oidc_issuer }],
    ['oidc_audience', 'requires oidc_issuer', { oidc_audience: 'a' }],
    ['oidc_issuer', 'must be an https URL', { ...issuer, oidc_issuer: 'login.example.com' }],
    [
      'oidc_issuer',
      'must be an https URL without query, fragment and user',
      { ...issuer, oidc_issuer: 'https://login.example.com/?tenant=1' },
    ],
    ['oidc_audience', 'must be text or a list of texts', { ...issuer, oidc_audience: 1 }],
    ['oidc_audience', 'must not be empty', { ...issuer, oidc_audience: [] }],
    ['oidc_audience.0', 'must not be empty', { ...issuer, oidc_audience: '' }],
    [
      'oidc_audience',
      'must have at most 50 entries',
      { ...issuer, oidc_audience: Object.keys(many).concat('one-more') },
    ],
    [
      'machine_clients',
      'with oidc_issuer there is no user pool; the issuer has its own clients',
      { ...issuer, machine_clients: { scoring: 'viewer' } },
    ],
    [
      'auth_domain_prefix',
      'with oidc_issuer there is no user pool; the issuer has its own clients',
      { ...issuer, ...prefix },
    ],
    ['groups_claim', 'must not be empty', { groups_claim: '' }],
    ['person_claim', 'must not be empty', { person_claim: '' }],
  ])('%s: %s', (key, why, settings) => {
    expect(() => parseSettings(settings)).toThrow(new Error(`Setting "${key}" is not usable: ${why}.`));
  });
});
