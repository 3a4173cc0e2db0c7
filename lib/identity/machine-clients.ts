import type { Duration } from 'aws-cdk-lib';
import {
  OAuthScope,
  ResourceServerScope,
  type UserPool,
  UserPoolClient,
  UserPoolDomain,
  UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { RESOURCE_SERVER, ROLES, type Role } from '../../functions/runtime/access/role.ts';
import type { Outputs } from '../outputs.ts';

export interface MachineClientsProps {
  readonly userPool: UserPool;
  /** The role of each machine, by the machine's name. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Required where `roles` is not empty. */
  readonly domainPrefix: string | undefined;
  readonly accessTokenValidity: Duration;
}

/** One app client per machine. A machine exchanges its client id and secret for a token with the scope of its role. */
export class MachineClients extends Construct {
  /** The `client_id` claims of their tokens. */
  readonly ids: readonly string[];
  readonly outputs: Outputs;

  constructor(scope: Construct, id: string, props: MachineClientsProps) {
    super(scope, id);
    const { userPool, accessTokenValidity } = props;
    const scopes = ROLES.map((role) => new ResourceServerScope({ scopeName: role, scopeDescription: MAY[role] }));
    const server = new UserPoolResourceServer(this, 'Scopes', { userPool, identifier: RESOURCE_SERVER, scopes });
    const clients = Object.entries(props.roles).map(([name, role]) => {
      const own = scopes.filter(({ scopeName }) => scopeName === role);
      const client = new UserPoolClient(this, `Client-${name}`, {
        userPool,
        userPoolClientName: name,
        generateSecret: true,
        oAuth: {
          flows: { clientCredentials: true },
          scopes: own.map((one) => OAuthScope.resourceServer(server, one)),
        },
        // Without any flow listed, Cognito enables its default login flows for this client. An explicit `false`
        // prevents that.
        authFlows: { userPassword: false },
        preventUserExistenceErrors: true,
        accessTokenValidity,
      });
      return { name, role, id: client.userPoolClientId };
    });
    this.ids = clients.map((client) => client.id);
    const ids = clients.map(({ name, role, id: value }) => [
      `MachineClient${inPascalCase(name)}Id`,
      { value, description: `The client id of the machine ${name}, with the role ${role}` },
    ]);
    let tokenUrl: Outputs = {};
    if (props.domainPrefix !== undefined) {
      const cognitoDomain = { domainPrefix: props.domainPrefix };
      const domain = new UserPoolDomain(this, 'Domain', { userPool, cognitoDomain });
      const value = `${domain.baseUrl()}/oauth2/token`;
      tokenUrl = { TokenUrl: { value, description: 'Where machines exchange client id and secret for a token' } };
    }
    this.outputs = { ...Object.fromEntries(ids), ...tokenUrl };
  }
}

const MAY: Readonly<Record<Role, string>> = {
  viewer: 'Read',
  operator: 'Read, track and refresh',
  admin: 'Read, track, refresh, erase and redact',
};

/** A stack output's name allows only letters and digits: `loan-scoring` becomes `LoanScoring`. */
const inPascalCase = (name: string): string =>
  name.replace(/(?:^|-+)(.?)/g, (_, letter: string) => letter.toUpperCase());
