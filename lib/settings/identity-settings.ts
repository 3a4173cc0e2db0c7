import * as z from 'zod';
import { ROLES } from '../../functions/runtime/access/role.ts';
import { fromText } from './from-text.ts';
import { UnusableSetting } from './unusable-setting.ts';

/** The quota of audiences per JWT authorizer of an HTTP API. The app client of people uses one. */
const MAX_AUDIENCES = 50;
const MAX_MACHINES = MAX_AUDIENCES - 1;

const named = 'must name machines with 1 to 32 characters of a-z, 0-9 and -, starting with a letter';
const machines = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, named), z.enum(ROLES, `must be one of ${ROLES.join(', ')}`), {
    error: ({ code }) => (code === 'invalid_key' ? named : 'must be an object, such as {"scoring":"viewer"}'),
  })
  .refine((all) => Object.keys(all).length <= MAX_MACHINES, `must name at most ${MAX_MACHINES} machines`)
  .refine((all) => {
    const names = Object.keys(all);
    return new Set(names.map((name) => name.replaceAll('-', ''))).size === names.length;
  }, 'must not contain names that differ only in hyphens');

/** Which callers the API accepts. */
export const identitySettings = {
  machine_clients: z
    .preprocess(fromText, machines)
    .default({})
    .describe(
      'Programs and their roles: `{"scoring":"viewer"}`. Each gets a client id and a secret. A name has 1 to 32 of a–z, 0–9 and `-`, a letter first; names must differ in more than hyphens. Needs `auth_domain_prefix`.',
    ),
  auth_domain_prefix: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      'must be 1 to 63 characters of a-z, 0-9 and -, without - at either end',
    )
    .regex(/^(?!.*(aws|amazon|cognito))/, 'must not contain aws, amazon or cognito')
    .optional()
    .describe(
      'Prefix of the host where machines get tokens. It must be unique in the region. Needs `machine_clients`.',
    ),
  oidc_issuer: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .regex(/^[^?#@]*$/, 'must be an https URL without query, fragment and user')
    .optional()
    .describe(
      'An OpenID Connect issuer in place of the user pool, letter by letter as its tokens name it in `iss`. Needs `oidc_audience`; excludes `machine_clients` and `auth_domain_prefix`.',
    ),
  oidc_audience: z
    .preprocess(
      (value) => (typeof value === 'string' && !value.trimStart().startsWith('[') ? [value] : fromText(value)),
      z
        .array(z.string().min(1, 'must not be empty'), 'must be text or a list of texts')
        .min(1, 'must not be empty')
        .max(MAX_AUDIENCES, `must have at most ${MAX_AUDIENCES} entries`),
    )
    .optional()
    .describe('The audience that its tokens must have: one of these. Needs `oidc_issuer`.'),
};

const Choice = z.object(identitySettings);

/**
 * Checks the identity settings against each other.
 * @throws UnusableSetting for the first one.
 */
export function consistentIdentity(settings: z.output<typeof Choice>): void {
  const { machine_clients, auth_domain_prefix, oidc_issuer, oidc_audience } = settings;
  const has = {
    machine_clients: Object.keys(machine_clients).length > 0,
    auth_domain_prefix: auth_domain_prefix !== undefined,
    oidc_issuer: oidc_issuer !== undefined,
    oidc_audience: oidc_audience !== undefined,
  };
  for (const key of ['machine_clients', 'auth_domain_prefix'] as const) {
    if (has[key] && (has.oidc_issuer || has.oidc_audience)) {
      throw new UnusableSetting(key, 'with oidc_issuer there is no user pool; the issuer has its own clients');
    }
  }
  const pairs = [
    ['machine_clients', 'auth_domain_prefix'],
    ['oidc_issuer', 'oidc_audience'],
  ] as const;
  for (const [one, other] of pairs) {
    if (has[one] && !has[other]) throw new UnusableSetting(one, `requires ${other}`);
    if (has[other] && !has[one]) throw new UnusableSetting(other, `requires ${one}`);
  }
}
