import * as z from 'zod';
import { flag, fromCommas } from './from-text.ts';
import { UnusableSetting } from './unusable-setting.ts';

const text = z.string().min(1, 'must not be empty');

const origin = 'must be an https origin, such as https://login.example.com';
const origins = z
  .array(z.string(origin).refine((value) => URL.canParse(value) && new URL(value).origin === value, origin))
  .min(1, 'must not be empty')
  .max(20, 'must have at most 20 entries');

/** The console, and how people log in to it. */
export const consoleSettings = {
  console: flag
    .default(true)
    .describe(
      'Whether the deployment has a console: a page at `/console` for the browser. With `oidc_issuer`, it also needs `console_client_id`.',
    ),
  console_client_id: text
    .optional()
    .describe(
      'The id of the public client of the console at `oidc_issuer`. [What the issuer must allow](access.md#the-console-with-your-own-issuer). Needs `oidc_issuer`; without it, a deployment with `oidc_issuer` has no console.',
    ),
  console_scopes: z
    .string()
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scopes, separated by one space each')
    .default('openid')
    .describe('The scopes that the console requests from `oidc_issuer`. Add those that give the token its audience.'),
  console_audience: text
    .optional()
    .describe(
      'The `audience` that the console requests. Some issuers, such as Auth0, need it to issue a token for an API. Needs `console_client_id`.',
    ),
  console_connect_origins: z
    .preprocess(fromCommas, origins)
    .optional()
    .describe(
      'Origins that the console may call beside its own and that of `oidc_issuer`. Set it if the token endpoint of the issuer is on another host. Needs `console_client_id`.',
    ),
};

const Choice = z.object(consoleSettings).extend({ oidc_issuer: z.string().optional() });

/**
 * Checks the console's settings against each other.
 * @throws UnusableSetting for the first one.
 */
export function consistentConsole(settings: z.output<typeof Choice>): void {
  const pairs = [
    ['console_client_id', 'oidc_issuer'],
    ['console_audience', 'console_client_id'],
    ['console_connect_origins', 'console_client_id'],
  ] as const;
  for (const [one, other] of pairs) {
    if (settings[one] !== undefined && settings[other] === undefined) {
      throw new UnusableSetting(one, `requires ${other}`);
    }
  }
}
