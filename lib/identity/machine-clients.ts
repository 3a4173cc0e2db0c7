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

export interface MachineClientsProps {
  readonly userPool: UserPool;
  /** By name. */
  readonly roles: Readonly<Record<string, Role>>;
  /** Needed where there is a machine. */
  readonly domainPrefix: string | undefined;
  readonly accessTokenValidity: Duration;
}

/** Programs that call by themselves: each trades its client id and secret for tokens that carry the scope of its role. */
export class MachineClients extends Construct {
  /** What stands in their tokens. */
  readonly ids: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;

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
        // Said of no flow at all, Cognito would let people log in through this client; this is the least that can be said.
        authFlows: { userPassword: false },
        preventUserExistenceErrors: true,
        accessTokenValidity,
      });
      return { name, id: client.userPoolClientId };
    });
    this.ids = clients.map((client) => client.id);
    const outputs = clients.map((client) => [`MachineClient${inPascalCase(client.name)}Id`, client.id]);
    if (props.domainPrefix !== undefined) {
      const cognitoDomain = { domainPrefix: props.domainPrefix };
      const domain = new UserPoolDomain(this, 'Domain', { userPool, cognitoDomain });
      outputs.push(['TokenUrl', `${domain.baseUrl()}/oauth2/token`]);
    }
    this.outputs = Object.fromEntries(outputs);
  }
}

const MAY: Readonly<Record<Role, string>> = {
  viewer: 'Read',
  operator: 'Read, follow and refresh',
  admin: 'Read, follow, refresh, erase and redact',
};

/** Names of outputs are letters and digits alone: `loan-scoring` becomes `LoanScoring`. */
const inPascalCase = (name: string): string =>
  name.replace(/(?:^|-+)(.?)/g, (_, letter: string) => letter.toUpperCase());
