import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { header } from '../rest/http-event.ts';

const ONE_TOKEN = /^(?:bearer\s+)?[\w-]+\.([\w-]+)\.[\w-]+$/i;

/**
 * The claims as the Authorization header's token has them, their types kept, which the gateway's text has lost. Nothing is
 * checked here: what the gateway doesn't say as well counts for nothing. None where there isn't exactly one token to read.
 */
export function claimsInToken(event: APIGatewayProxyEventV2): Readonly<Record<string, unknown>> {
  const [, payload = ''] = ONE_TOKEN.exec(header(event, 'authorization').trim()) ?? [];
  try {
    return recordIn(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    return {};
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of an object; none of anything else. */
export const recordIn = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});
