import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { header } from './http.ts';

const ONE_TOKEN = /^(?:bearer\s+)?[\w-]+\.([\w-]+)\.[\w-]+$/i;
const Claims = z.record(z.string(), z.unknown());

/**
 * The claims as the Authorization header's token has them, their types kept, which the gateway's text has lost. Nothing is
 * checked here: what the gateway doesn't say as well counts for nothing. None where there isn't exactly one token to read.
 */
export function claimsInToken(event: APIGatewayProxyEventV2): Readonly<Record<string, unknown>> {
  const [, payload = ''] = ONE_TOKEN.exec(header(event, 'authorization').trim()) ?? [];
  try {
    return Claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  } catch {
    return {};
  }
}
