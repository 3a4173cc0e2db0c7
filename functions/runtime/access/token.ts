import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { header } from '../rest/http-event.ts';

const ONE_TOKEN = /^(?:bearer\s+)?[\w-]+\.([\w-]+)\.[\w-]+$/i;

/**
 * The claims of the token in the Authorization header, with their types, which the gateway's text loses. This function
 * verifies nothing: a claim counts only if the gateway's claims contain it as well.
 * @returns no claims if the header does not hold exactly one readable token.
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

/** Returns an object as a record; an empty record for any other value. */
export const recordIn = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});
