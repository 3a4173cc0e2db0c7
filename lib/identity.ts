import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { AccountRecovery, UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Capability } from './lambda.ts';

export interface IdentityProps {
  readonly removalPolicy: RemovalPolicy;
  readonly accessTokenMinutes: number;
  readonly refreshTokenDays: number;
  /** The claim of a token that lists its bearer's groups. */
  readonly groupsClaim: string;
}

/** Access tokens from a password login carry this scope and no other; id tokens carry none, so requiring it keeps them out. */
const PASSWORD_LOGIN_SCOPE = 'aws.cognito.signin.user.admin';

/** The people who may call: a user pool without self sign-up, and the gateway's check of its access tokens. */
export class Identity extends Construct {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;
  readonly authorizer: HttpJwtAuthorizer;
  readonly scopes = [PASSWORD_LOGIN_SCOPE];
  private readonly groupsClaim: string;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    this.groupsClaim = props.groupsClaim;
    this.userPool = new UserPool(this, 'UserPool', {
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
    this.client = this.userPool.addClient('Client', {
      authFlows: { userPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.minutes(props.accessTokenMinutes),
      idTokenValidity: Duration.minutes(props.accessTokenMinutes),
      refreshTokenValidity: Duration.days(props.refreshTokenDays),
      refreshTokenRotationGracePeriod: Duration.seconds(0),
    });
    const issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${this.userPool.userPoolId}`;
    this.authorizer = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [this.client.userPoolClientId] });
  }

  /** For the functions that ask what role a caller has. */
  callers(): Capability<{ GROUPS_CLAIM: string }> {
    return { env: { GROUPS_CLAIM: this.groupsClaim }, grant: () => {} };
  }

  /** InitiateAuth and GetTokensFromRefreshToken are public operations: the client id is all that a caller needs. */
  login(): Capability<{ USER_POOL_CLIENT_ID: string }> {
    return { env: { USER_POOL_CLIENT_ID: this.client.userPoolClientId }, grant: () => {} };
  }
}
