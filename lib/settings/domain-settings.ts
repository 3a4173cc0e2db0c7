import * as z from 'zod';
import { flag } from './from-text.ts';
import { UnusableSetting } from './unusable-setting.ts';

const host = 'must be a host name in lower case, such as verifications.example.com';
export const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const hostName = z.string().regex(HOST_NAME, host);

/** A custom host name for the API. */
export const domainSettings = {
  domain_name: hostName
    .optional()
    .describe(
      'Your own host name for the API, over TLS 1.2 or newer. Needs `certificate_arn`. Only one stage can have it.',
    ),
  certificate_arn: z
    .string()
    .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, 'must be the ARN of a certificate in ACM')
    .optional()
    .describe(
      'The issued certificate of that name, in the region of the deployment. The synthesis refuses one of another region. Needs `domain_name`.',
    ),
  hosted_zone_id: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a hosted zone, such as Z0123456789ABC')
    .optional()
    .describe(
      'The public Route 53 zone that gets the record. Needs `hosted_zone_name` and `domain_name`. Without a zone, create a CNAME to the output `DomainTarget`.',
    ),
  hosted_zone_name: hostName
    .optional()
    .describe('The name of that zone; `domain_name` must be in it. Needs `hosted_zone_id`.'),
  default_endpoint: flag
    .default(true)
    .describe(
      "Whether API Gateway's own host name also answers. Set `false` once all callers and webhook addresses use `domain_name`.",
    ),
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
 * @throws UnusableSetting for the first one.
 */
export function consistentDomain(settings: z.output<typeof Choice>, region: string | undefined): void {
  for (const [one, other] of NEEDS) {
    if (settings[one] !== undefined && settings[other] === undefined) {
      throw new UnusableSetting(one, `requires ${other}`);
    }
  }
  const { domain_name: name, hosted_zone_name: zone, certificate_arn: certificate, default_endpoint: both } = settings;
  if (!both && name === undefined) {
    throw new UnusableSetting('default_endpoint', 'without domain_name the API has no other host name');
  }
  const at = certificate?.split(':')[3];
  if (at !== undefined && region !== undefined && at !== region) {
    const where = `the certificate is in ${at}, the deployment goes to ${region}`;
    throw new UnusableSetting('certificate_arn', `${where}. API Gateway needs a certificate in the region of the API`);
  }
  if (name !== undefined && zone !== undefined && !`.${name}`.endsWith(`.${zone}`)) {
    throw new UnusableSetting('hosted_zone_name', `${name} is not in that zone`);
  }
}
