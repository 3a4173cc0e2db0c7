import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { AccountRecovery, CfnUserPoolGroup, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Env as AuthEnv } from '../../functions/auth/env.ts';
import { ROLES, type Role, rolesFrom, scopeOf } from '../../functions/runtime/access/role.ts';
import { acknowledge } from '../acknowledge.ts';
import { type Capability, configuration } from '../lambda.ts';
import { MachineClients } from './machine-clients.ts';
import type { TokenSource } from './token-source.ts';

export interface UserPoolIdentityProps {
  readonly removalPolicy: RemovalPolicy;
  readonly accessTokenMinutes: number;
  readonly refreshTokenDays: number;
  /** The roles of machines, by name. */
  readonly machineClients: Readonly<Record<string, Role>>;
  /** Names the host where machines get their tokens. */
  readonly domainPrefix: string | undefined;
}

/** Access tokens from a password login carry this scope and no other; id tokens carry none, so requiring it keeps them out. */
const PASSWORD_LOGIN_SCOPE = 'aws.cognito.signin.user.admin';

/** People in a user pool without self sign-up, a group for each role; machines with a client each; the check of their tokens. */
export class UserPoolIdentity extends Construct implements TokenSource {
  readonly authorizer: HttpJwtAuthorizer;
  /** People have the scope of their login, whatever their role; a machine has the one of its role. */
  readonly scopes = (least: Role): string[] => [PASSWORD_LOGIN_SCOPE, ...rolesFrom(least).map(scopeOf)];
  /** InitiateAuth and GetTokensFromRefreshToken are public operations: the client id is all that a caller needs. */
  readonly login: Capability<AuthEnv>;
  readonly outputs: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: UserPoolIdentityProps) {
    super(scope, id);
    const accessTokenValidity = Duration.minutes(props.accessTokenMinutes);
    const userPool = new UserPool(this, 'UserPool', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: props.removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy: props.removalPolicy,
    });
    acknowledge(
      userPool,
      'AwsSolutions-COG2',
      'POST /auth/login answers a password with tokens, as clients of AnyCheck expect it, and has no second step. Whoever ' +
        'needs a second factor names an issuer of their own that asks for it (oidc_issuer).',
    );
    acknowledge(
      userPool,
      'AwsSolutions-COG8',
      'The plus plan is billed for each person and month, and judges a login by the address and device of who logs in: ' +
        'here Cognito sees the function that passes logins on. They are throttled instead, and nobody can sign up.',
    );
    const { userPoolId } = userPool;
    for (const groupName of ROLES) {
      const group = new CfnUserPoolGroup(this, `Group-${groupName}`, { userPoolId, groupName });
      // A pool that is kept keeps who is in which group.
      group.applyRemovalPolicy(props.removalPolicy);
    }
    const { userPoolClientId } = userPool.addClient('Client', {
      authFlows: { userPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      accessTokenValidity,
      idTokenValidity: accessTokenValidity,
      refreshTokenValidity: Duration.days(props.refreshTokenDays),
      refreshTokenRotationGracePeriod: Duration.seconds(0),
    });
    const machines = new MachineClients(this, 'Machines', {
      userPool,
      roles: props.machineClients,
      domainPrefix: props.domainPrefix,
      accessTokenValidity,
    });
    const issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${userPoolId}`;
    this.authorizer = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [userPoolClientId, ...machines.ids] });
    this.login = configuration({ USER_POOL_CLIENT_ID: userPoolClientId });
    this.outputs = { UserPoolId: userPoolId, UserPoolClientId: userPoolClientId, ...machines.outputs };
  }
}
