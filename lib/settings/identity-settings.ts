import * as z from 'zod';
import { ROLES } from '../../functions/runtime/access/role.ts';
import { fromText } from './from-text.ts';

/** An HTTP API's authorizer takes no more audiences, of which people's client is one. */
const MOST_AUDIENCES = 50;
const MOST_MACHINES = MOST_AUDIENCES - 1;

const named = 'must name machines by 1 to 32 of a-z, 0-9 and -, beginning with a letter';
const machines = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, named), z.enum(ROLES, `must be one of ${ROLES.join(', ')}`), {
    error: ({ code }) => (code === 'invalid_key' ? named : 'must be an object, such as {"scoring":"viewer"}'),
  })
  .refine((all) => Object.keys(all).length <= MOST_MACHINES, `must name ${MOST_MACHINES} at most`)
  .refine((all) => {
    const names = Object.keys(all);
    return new Set(names.map((name) => name.replaceAll('-', ''))).size === names.length;
  }, 'must not hold names that differ in hyphens alone');

/** Who may call, as far as a deployment may choose. */
export const identitySettings = {
  /** The roles of programs that call by themselves, by name: each gets a client id and a secret. */
  machine_clients: z.preprocess(fromText, machines).default({}),
  /** Names the host where machines get their tokens; nobody else in the region may have it. */
  auth_domain_prefix: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 of a-z, 0-9 and -, with no - at its ends')
    .regex(/^(?!.*(aws|amazon|cognito))/, 'must not contain aws, amazon or cognito')
    .optional(),
  /** Who gives out tokens, in place of a user pool of the stack's own; as its tokens name it in `iss`, letter by letter. */
  oidc_issuer: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .regex(/^[^?#@]*$/, 'must be an https URL without query, fragment and user')
    .optional(),
  /** For whom that issuer's tokens must be: any of these. */
  oidc_audience: z
    .preprocess(
      (value) => (typeof value === 'string' && !value.trimStart().startsWith('[') ? [value] : fromText(value)),
      z
        .array(z.string().min(1, 'must not be empty'), 'must be text or a list of texts')
        .min(1, 'must not be empty')
        .max(MOST_AUDIENCES, `must be ${MOST_AUDIENCES} at most`),
    )
    .optional(),
};

const Choice = z.object(identitySettings);

/** @throws an Error of one sentence where settings are set that make no sense together. */
export function consistentIdentity(settings: z.output<typeof Choice>): void {
  const { machine_clients, auth_domain_prefix, oidc_issuer, oidc_audience } = settings;
  const has = {
    machine_clients: Object.keys(machine_clients).length > 0,
    auth_domain_prefix: auth_domain_prefix !== undefined,
    oidc_issuer: oidc_issuer !== undefined,
    oidc_audience: oidc_audience !== undefined,
  };
  const unusable = (key: keyof typeof has, why: string) => new Error(`Setting "${key}" is not usable: ${why}.`);
  for (const key of ['machine_clients', 'auth_domain_prefix'] as const) {
    if (has[key] && (has.oidc_issuer || has.oidc_audience)) {
      throw unusable(key, 'there is no user pool beside oidc_issuer, which has its own clients');
    }
  }
  const pairs = [
    ['machine_clients', 'auth_domain_prefix'],
    ['oidc_issuer', 'oidc_audience'],
  ] as const;
  for (const [one, other] of pairs) {
    if (has[one] && !has[other]) throw unusable(one, `needs ${other} beside it`);
    if (has[other] && !has[one]) throw unusable(other, `needs ${one} beside it`);
  }
}
