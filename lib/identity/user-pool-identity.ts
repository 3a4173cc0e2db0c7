import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { AccountRecovery, CfnUserPoolGroup, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Env as AuthEnv } from '../../functions/auth/env.ts';
import { ROLES, type Role, rolesFrom, scopeOf } from '../../functions/runtime/access/role.ts';
import { acknowledge } from '../acknowledge.ts';
import { type Capability, configuration } from '../lambda.ts';
import type { Outputs } from '../outputs.ts';
import { MachineClients } from './machine-clients.ts';
import type { TokenSource } from './token-source.ts';

export interface UserPoolIdentityProps {
  readonly removalPolicy: RemovalPolicy;
  readonly accessTokenMinutes: number;
  readonly refreshTokenDays: number;
  /** The role of each machine, by the machine's name. */
  readonly machineClients: Readonly<Record<string, Role>>;
  /** The first part of the token endpoint's host name. */
  readonly domainPrefix: string | undefined;
}

/**
 * An access token from a password login carries only this scope. An id token carries none, so requiring it rejects id
 * tokens.
 */
const PASSWORD_LOGIN_SCOPE = 'aws.cognito.signin.user.admin';

/**
 * A user pool without self sign-up, with a group per role and an app client per machine, and the authorizer for their
 * tokens.
 */
export class UserPoolIdentity extends Construct implements TokenSource {
  readonly authorizer: HttpJwtAuthorizer;
  /** A person's token has the scope of the login, whatever the role. A machine's token has the scope of its role. */
  readonly scopes = (least: Role): string[] => [PASSWORD_LOGIN_SCOPE, ...rolesFrom(least).map(scopeOf)];
  /**
   * InitiateAuth and GetTokensFromRefreshToken are public operations, which need only the client id and no permission.
   */
  readonly login: Capability<AuthEnv>;
  readonly outputs: Outputs;
  readonly hosts: readonly string[];

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
      'POST /auth/login exchanges a password for tokens in one step, as clients of AnyCheck expect. A company that needs a ' +
        'second factor sets oidc_issuer to an issuer that requires it.',
    );
    acknowledge(
      userPool,
      'AwsSolutions-COG8',
      'The plus plan is billed per person and month. It rates a login by its address and device, but Cognito sees only the ' +
        'function that forwards the login. API Gateway throttles logins instead, and the pool has no self sign-up.',
    );
    const { userPoolId } = userPool;
    for (const groupName of ROLES) {
      const group = new CfnUserPoolGroup(this, `Group-${groupName}`, { userPoolId, groupName });
      // A retained pool retains its group memberships too.
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
    const { region } = Stack.of(this);
    const issuer = `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`;
    this.authorizer = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [userPoolClientId, ...machines.ids] });
    this.hosts = props.domainPrefix === undefined ? [] : [`${props.domainPrefix}.auth.${region}.amazoncognito.com`];
    this.login = configuration({ USER_POOL_CLIENT_ID: userPoolClientId });
    this.outputs = {
      UserPoolId: { value: userPoolId, description: 'The user pool of the people who log in' },
      UserPoolClientId: { value: userPoolClientId, description: 'The client of the user pool that logins use' },
      ...machines.outputs,
    };
  }
}
