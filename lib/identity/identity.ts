import { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ClaimNames } from '../../functions/runtime/access/caller.ts';
import { type Capability, configuration } from '../lambda.ts';
import type { Settings } from '../settings/settings.ts';
import { foreignIssuer } from './foreign-issuer.ts';
import type { TokenSource } from './token-source.ts';
import { UserPoolIdentity } from './user-pool-identity.ts';

/** Which callers the API accepts. */
export interface Identity extends TokenSource {
  /** For the functions that check a caller's role. */
  callers(): Capability<ClaimNames>;
}

/** The issuer that the settings name, or else a user pool of this stack. */
export function identityOf(scope: Construct, id: string, settings: Settings): Identity {
  const callers = () => configuration({ GROUPS_CLAIM: settings.groups_claim, PERSON_CLAIM: settings.person_claim });
  const { oidc_issuer: issuer, oidc_audience: audience } = settings;
  if (issuer !== undefined && audience !== undefined) return { ...foreignIssuer(issuer, audience), callers };
  const { authorizer, scopes, login, outputs, hosts } = new UserPoolIdentity(scope, id, {
    removalPolicy: settings.removal_policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    accessTokenMinutes: settings.access_token_minutes,
    refreshTokenDays: settings.refresh_token_days,
    machineClients: settings.machine_clients,
    domainPrefix: settings.auth_domain_prefix,
  });
  return { authorizer, scopes, login, outputs, hosts, callers };
}
