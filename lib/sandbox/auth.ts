import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ApiError, parseBody, parseJson } from './api-error.ts';
import type { Call, SandboxContext } from './context.ts';
import { jsonReply, type Reply } from './reply.ts';
import { type Claims, issueTokens, readToken } from './tokens.ts';

const loginSchema = z.object({ email: z.string().min(1), password: z.string().min(1) });
const refreshSchema = z.object({ refresh_token: z.string().min(1) });

/** `POST /auth/login`: starts a new session, which ends the previous one. */
export async function login(context: SandboxContext, call: Call): Promise<Reply> {
  const { email, password } = parseBody(loginSchema, parseJson(call.body));
  if (email !== context.credentials.email || password !== context.credentials.password) {
    throw new ApiError(401, 'INVALID_CREDENTIALS', 'wrong email or password');
  }
  return startSession(context, randomUUID());
}

/** `POST /auth/refresh`: issues new tokens of the same session. The used refresh token is invalid from then on. */
export async function refreshSession(context: SandboxContext, call: Call): Promise<Reply> {
  const { refresh_token } = parseBody(refreshSchema, parseJson(call.body));
  const claims = await readToken(context.store.data.jwtSecret, refresh_token, 'refresh', context.now());
  const session = liveSession(context, claims);
  if (claims.jti !== session.refreshId) throw new ApiError(401, 'INVALID_TOKEN', 'the refresh token was used before');
  return startSession(context, session.id);
}

/**
 * Accepts a call with the API key or the live session's access token.
 * @throws ApiError with status 401 for any other call.
 */
export async function authenticate(context: SandboxContext, call: Call): Promise<void> {
  const apiKey = call.header('x-api-key');
  if (apiKey !== undefined) {
    if (apiKey !== context.credentials.apiKey) throw new ApiError(401, 'INVALID_API_KEY', 'the API key is not valid');
    return;
  }
  const token = /^Bearer +(\S+)$/i.exec(call.header('authorization') ?? '')?.[1];
  if (token === undefined) throw new ApiError(401, 'UNAUTHORIZED', 'authentication is required');
  liveSession(context, await readToken(context.store.data.jwtSecret, token, 'access', context.now()));
}

/** Ends the live session, as a login from another device does. */
export function endSession(context: SandboxContext): void {
  context.store.data.session = null;
  context.store.save();
}

export function sessionGone(): ApiError {
  return new ApiError(401, 'UNAUTHORIZED', 'session expired or logged in from another device');
}

function liveSession(context: SandboxContext, claims: Claims): { id: string; refreshId: string } {
  const { session } = context.store.data;
  if (session === null || session.id !== claims.sid) throw sessionGone();
  return session;
}

async function startSession(context: SandboxContext, id: string): Promise<Reply> {
  const { store, credentials } = context;
  const session = { id, refreshId: randomUUID() };
  store.data.session = session;
  store.save();
  return jsonReply(200, await issueTokens(store.data.jwtSecret, session, credentials.email, context.now()));
}
