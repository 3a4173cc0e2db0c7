import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onPort } from '../fault.ts';
import { readBody } from '../http/body.ts';
import { type Served, serve } from '../http/serve.ts';
import type { MachineClient } from './client-secrets.ts';
import { isSame } from './users.ts';

const PATH = '/oauth2/token';

export interface TokenEndpoint extends Served {
  /** The URL to which a client sends its id and secret. */
  readonly tokenUrl: string;
}

/** An error code of RFC 6749 (5.2). Cognito returns every one with status 400. */
type Refusal =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope';
interface Granted {
  readonly client: MachineClient;
  readonly scopes: readonly string[];
}

/**
 * Starts the token endpoint of a user pool's domain, for machines' clients.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 * @param clientOf finds a client by its id. @param port 0: any free port.
 */
export async function startTokenEndpoint(
  clientOf: (id: string) => MachineClient | undefined,
  sign: (client: MachineClient, scopes: readonly string[]) => Promise<string>,
  port = 0,
): Promise<TokenEndpoint> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    if (request.url?.split('?')[0] !== PATH) return send(404, { error: 'not_found' });
    if (request.method !== 'POST') return send(405, { error: 'method_not_allowed' });
    const granted = grant(request, (await readBody(request))?.toString() ?? '', clientOf);
    if (typeof granted === 'string') return send(400, { error: granted });
    const { client, scopes } = granted;
    const access_token = await sign(client, scopes);
    send(200, { access_token, expires_in: client.accessSeconds, token_type: 'Bearer' });
  };
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  const served = await onPort('TOKEN_PORT', port, (at) => serve(server, at));
  return { ...served, tokenUrl: `${served.url}${PATH}` };
}

function grant(
  { headers }: IncomingMessage,
  body: string,
  clientOf: (id: string) => MachineClient | undefined,
): Granted | Refusal {
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')) return 'invalid_request';
  const form = new URLSearchParams(body);
  const grantType = form.get('grant_type');
  if (grantType === null) return 'invalid_request';
  if (grantType !== 'client_credentials') return 'unsupported_grant_type';
  const presented = credentials(headers.authorization, form);
  if (presented === undefined) return 'invalid_request';
  const client = clientOf(presented.id);
  if (!isSame(client?.secret ?? '', presented.secret) || client === undefined) return 'invalid_client';
  if (!client.grants.includes(grantType)) return 'unauthorized_client';
  const requested = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (requested.some((scope) => !client.scopes.includes(scope))) return 'invalid_scope';
  return { client, scopes: requested.length > 0 ? [...new Set(requested)] : client.scopes };
}

/**
 * The client's id and secret from the Authorization header (Basic) or the form; undefined where it uses both or
 * neither.
 */
function credentials(authorization: string | undefined, form: URLSearchParams) {
  const [id, secret] = [form.get('client_id'), form.get('client_secret')];
  if (authorization === undefined) return id === null || secret === null ? undefined : { id, secret };
  const [, encoded] = /^basic\s+([\w+/=-]+)\s*$/i.exec(authorization) ?? [];
  if (encoded === undefined || secret !== null) return undefined;
  const [, basicId = '', basicSecret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return id === null || id === basicId ? { id: basicId, secret: basicSecret } : undefined;
}
