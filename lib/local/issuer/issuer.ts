import { randomBytes, randomUUID } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import * as z from 'zod';
import { onPort } from '../fault.ts';
import { AwsError, type AwsJsonOperations, serveAwsJson } from '../http/aws-json.ts';
import type { Served } from '../http/serve.ts';
import type { State } from '../storage/state.ts';
import type { Stack } from '../template/stack.ts';
import { type MachineClient, withSecrets } from './client-secrets.ts';
import { clientsOf, type Pool, type PoolClient, poolsOf } from './pools.ts';
import { openRefreshTokens } from './refresh-tokens.ts';
import { loadSigningKey } from './signing-key.ts';
import { startTokenEndpoint } from './token-endpoint.ts';
import { signMachineToken, signTokens } from './tokens.ts';
import { createUsers, type LocalUser, type PoolUser, passwordMatches } from './users.ts';

const InitiateAuth = z.object({
  AuthFlow: z.string(),
  ClientId: z.string(),
  AuthParameters: z.record(z.string(), z.string()).default({}),
});
const GetTokens = z.object({ RefreshToken: z.string(), ClientId: z.string() });

/**
 * A stand-in for Cognito: it serves logins of people and machines, token refreshes, and the keys of the template's user
 * pools.
 */
export interface Issuer extends Served {
  /** The token endpoint for machines. */
  readonly tokenUrl: string;
  serve(stack: Stack): void;
  addUser(user: LocalUser): void;
  /** Whether the template has a user pool. */
  hasPools(): boolean;
  machineClients(): readonly MachineClient[];
  /** The public keys of the pool with this issuer URL; undefined where no pool has it. */
  keys(issuer: string): JSONWebKeySet | undefined;
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
const nowSeconds = () => Math.floor(Date.now() / 1000);

export interface IssuerPorts {
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Of the token endpoint; default 0: any free port. */
  readonly tokenPort?: number | undefined;
}

/** @throws LocalFault when a port is in use. */
export async function startIssuer(
  state: State,
  users: readonly LocalUser[],
  { port = 0, tokenPort }: IssuerPorts = {},
): Promise<Issuer> {
  const key = await loadSigningKey(state);
  const directory = createUsers(users);
  const refreshTokens = openRefreshTokens(state, nowSeconds());
  let pools: Pool[] = [];
  let clients: PoolClient[] = [];
  let machines: MachineClient[] = [];

  const clientOf = (id: string): PoolClient => {
    const client = clients.find((one) => one.id === id);
    if (client === undefined) throw new AwsError('ResourceNotFoundException', `User pool client ${id} does not exist.`);
    if (client.hasSecret) {
      throw new AwsError(
        'NotAuthorizedException',
        `Client ${id} is configured with secret but SECRET_HASH was not received`,
      );
    }
    return client;
  };
  const login = async (client: PoolClient, parameters: Readonly<Record<string, string>>) => {
    const { USERNAME, PASSWORD } = parameters;
    if (USERNAME === undefined) throw invalid('Missing required parameter USERNAME');
    if (PASSWORD === undefined) throw invalid('Missing required parameter PASSWORD');
    const user = directory.find(client.pool, USERNAME);
    const matches = passwordMatches(user, PASSWORD);
    if (user === undefined || !matches) {
      throw new AwsError('NotAuthorizedException', 'Incorrect username or password.');
    }
    if (user.challenge !== undefined) return pending(user, user.challenge);
    const now = nowSeconds();
    const originJti = randomUUID();
    const tokens = await signTokens(key, { client, user, now, authTime: now, originJti });
    const grant = {
      clientId: client.id,
      sub: user.sub,
      authTime: now,
      expires: now + client.refreshSeconds,
      originJti,
    };
    return { ChallengeParameters: {}, AuthenticationResult: { ...tokens, RefreshToken: refreshTokens.issue(grant) } };
  };
  const refresh = async (client: PoolClient, token: string) => {
    const now = nowSeconds();
    // The token is redeemed before the first await, so the second of two concurrent requests with it is refused.
    const { grant, successor } = refreshTokens.redeem(token, client, now);
    const user = directory.find(client.pool, grant.sub);
    if (user === undefined) throw new AwsError('NotAuthorizedException', 'Invalid Refresh Token');
    const { authTime, originJti } = grant;
    const tokens = await signTokens(key, { client, user, now, authTime, originJti });
    return { ChallengeParameters: {}, AuthenticationResult: { ...tokens, RefreshToken: successor } };
  };

  const cognito: AwsJsonOperations = {
    operations: {
      InitiateAuth(input) {
        const { AuthFlow, ClientId, AuthParameters } = parse(InitiateAuth, input);
        const client = clientOf(ClientId);
        if (AuthFlow !== 'USER_PASSWORD_AUTH' || !client.flows.includes('ALLOW_USER_PASSWORD_AUTH')) {
          throw invalid(`${AuthFlow} flow not enabled for this client`);
        }
        return login(client, AuthParameters);
      },
      GetTokensFromRefreshToken(input) {
        const { RefreshToken, ClientId } = parse(GetTokens, input);
        return refresh(clientOf(ClientId), RefreshToken);
      },
    },
    documents(path) {
      const [, poolId, ...rest] = path.split('/');
      const pool = pools.find(({ id }) => id === poolId);
      if (pool !== undefined && rest.join('/') === '.well-known/jwks.json') return key.publicKeys;
      return undefined;
    },
  };
  const service = await onPort('ISSUER_PORT', port, (at) => serveAwsJson(cognito, at));
  const endpoint = await startTokenEndpoint(
    (id) => machines.find((one) => one.id === id),
    (client, scopes) => signMachineToken(key, client, scopes, nowSeconds()),
    tokenPort,
  ).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  return {
    url: service.url,
    tokenUrl: endpoint.tokenUrl,
    serve(stack) {
      pools = poolsOf(stack);
      clients = clientsOf(stack, pools);
      machines = withSecrets(clients, state);
    },
    addUser: directory.add,
    hasPools: () => pools.length > 0,
    machineClients: () => machines,
    keys: (issuer) => (pools.some((pool) => pool.issuer === issuer) ? key.publicKeys : undefined),
    async close() {
      await Promise.all([service.close(), endpoint.close()]);
    },
  };
}

function parse<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
}

function pending(user: PoolUser, challenge: string) {
  return {
    ChallengeName: challenge,
    Session: randomBytes(96).toString('base64url'),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.sub,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify({ email: user.email, email_verified: 'true' }),
    },
  };
}
