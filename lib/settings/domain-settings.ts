import * as z from 'zod';
import { flag } from './from-text.ts';

const host = 'must be a host name in lower case, such as verifications.example.com';
const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/, host);

/** A custom host name for the API. */
export const domainSettings = {
  /** The API's host name, in addition to API Gateway's own name. */
  domain_name: hostName.optional(),
  /** An issued ACM certificate for `domain_name`, in the region of the deployment. */
  certificate_arn: z
    .string()
    .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, 'must be the ARN of a certificate in ACM')
    .optional(),
  /** The public Route 53 zone that gets a record for `domain_name`. Without it an operator creates the record. */
  hosted_zone_id: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a hosted zone, such as Z0123456789ABC')
    .optional(),
  /** The name of that zone. */
  hosted_zone_name: hostName.optional(),
  /** Whether API Gateway's own host name works. Set `false` once all clients call `domain_name`. */
  default_endpoint: flag.default(true),
};

const Choice = z.object(domainSettings);
type Key = keyof typeof domainSettings;

const NEEDS: readonly (readonly [Key, Key])[] = [
  ['domain_name', 'certificate_arn'],
  ['certificate_arn', 'domain_name'],
  ['hosted_zone_id', 'hosted_zone_name'],
  ['hosted_zone_name', 'hosted_zone_id'],
  ['hosted_zone_id', 'domain_name'],
];

/**
 * Checks the domain settings against each other and against the region.
 * @param region of the deployment; undefined where it is unknown.
 * @throws Error with one sentence that names the first unusable setting.
 */
export function consistentDomain(settings: z.output<typeof Choice>, region: string | undefined): void {
  for (const [one, other] of NEEDS) {
    if (settings[one] !== undefined && settings[other] === undefined) {
      throw new Error(`Setting "${one}" is not usable: requires ${other}.`);
    }
  }
  const { domain_name: name, hosted_zone_name: zone, certificate_arn: certificate, default_endpoint: both } = settings;
  if (!both && name === undefined) {
    throw new Error('Setting "default_endpoint" is not usable: without domain_name the API has no other host name.');
  }
  const at = certificate?.split(':')[3];
  if (at !== undefined && region !== undefined && at !== region) {
    throw new Error(
      `Setting "certificate_arn" is not usable: the certificate is in ${at}, the deployment goes to ${region}. ` +
        'API Gateway needs a certificate in the region of the API.',
    );
  }
  if (name !== undefined && zone !== undefined && !`.${name}`.endsWith(`.${zone}`)) {
    throw new Error(`Setting "hosted_zone_name" is not usable: ${name} is not in that zone.`);
  }
}
