import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import type { KeyVerdict } from '../../domain/api-keys/check-key.ts';
import { parseKey } from '../../domain/api-keys/key-text.ts';
import { nonEmptyString } from '../env.ts';
import { log } from '../log/log.ts';
import { ApiError } from '../rest/api-error.ts';
import { header } from '../rest/http-event.ts';
import type { Caller } from './caller.ts';

/** The environment variables of a function that checks API keys. */
export const KeyEnv = {
  TABLE_NAME: nonEmptyString,
  /** Seconds for which an instance of the function remembers a key. */
  API_KEY_CACHE_SECONDS: z.coerce.number().check(z.nonnegative()),
};

/** How a function checks the keys of its callers. */
export interface KeyGuard {
  check(text: string): Promise<KeyVerdict>;
  /** Records that a key was used. It never rejects, and takes half a second at most. */
  used(id: string): Promise<void>;
}

type Checked = Caller & { readonly keyId: string };

/**
 * Reads the caller from the API key of a request. The header is in no log line.
 * @throws ApiError 401 if the key is missing, unknown or expired.
 */
export async function keyCallerOf(event: APIGatewayProxyEventV2, check: KeyGuard['check']): Promise<Checked> {
  const text = header(event, 'x-api-key');
  if (text === '') throw refused('missing', text);
  const verdict = await check(text);
  if (verdict.kind === 'expired') throw refused('expired', text);
  if (verdict.kind === 'unknown') throw refused(parseKey(text) ? 'unknown' : 'malformed', text);
  const { id, role } = verdict;
  return { kind: 'key', who: `key:${id}`, role, keyId: id };
}

const UNKNOWN = 'This API key is not valid. This service has keys of its own; those of AnyCheck do not work here.';
const REFUSALS = {
  missing: ['INVALID_API_KEY', 'The header X-API-Key is missing.'],
  malformed: ['INVALID_API_KEY', UNKNOWN],
  unknown: ['INVALID_API_KEY', UNKNOWN],
  expired: ['API_KEY_EXPIRED', 'This API key has expired, or a rotation has replaced it.'],
} as const;

/** Logs a refusal, with the id of the key where the text is one. */
function refused(reason: keyof typeof REFUSALS, text: string): ApiError {
  log('warn', 'key.refused', { reason, key_id: parseKey(text)?.id }, { RefusedApiKeys: 1 });
  const [code, message] = REFUSALS[reason];
  return new ApiError(401, code, message);
}
