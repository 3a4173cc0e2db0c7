import { createRequire } from 'node:module';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod';
import type { Env } from '../../../functions/verifications/env.ts';
import { CLAIMS } from '../../fakes/claims.ts';
import type { Contend } from '../cpu/child.ts';
import { CONTEXT, type Handler, readEvent } from './event.ts';
import { bare, clientAlone, routed, validated } from './rivals.ts';
import { replay } from './wire.ts';

const LAMBDA = {
  AWS_REGION: 'ap-southeast-3',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret-not-a-secret-not-a-secret-0',
  AWS_SESSION_TOKEN: 'not-a-token'.repeat(80),
  AWS_LAMBDA_FUNCTION_NAME: 'verifications',
};

const OURS: Omit<Env, 'TABLE_NAME'> = {
  BUDGET_SHARE: '0.5',
  ANYCHECK_MAX_RPS: '5',
  ANYCHECK_BASE_URL: 'https://api.anycheck.ai',
  ANYCHECK_SECRET_ARN: 'arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:anycheck',
  ...CLAIMS,
  API_KEY_CACHE_SECONDS: '60',
  REFRESH_QUEUE_URL: 'https://sqs.ap-southeast-3.amazonaws.com/123456789012/refresh.fifo',
  DELAY_QUEUE_URL: 'https://sqs.ap-southeast-3.amazonaws.com/123456789012/delayed',
  RETENTION_DAYS: '400',
  GROUP_RETENTION_DAYS: '',
  UNKNOWN_READS_PER_MINUTE: '60',
  NEW_GROUPS_PER_DAY: '20000',
  FRESH_ACTIVE_SECONDS: '5',
  FRESH_WAITING_SECONDS: '60',
  FRESH_SETTLED_SECONDS: '900',
};

const Input = z.object({
  table: z.string(),
  offset: z.number(),
  size: z.number(),
  /** The request's Accept-Encoding. */
  accepts: z.string(),
  wire: z.record(z.string(), z.instanceof(Uint8Array)),
  deployed: z.object({ file: z.string(), name: z.string() }),
});
type Input = z.output<typeof Input>;

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

const HANDLERS: Readonly<Record<string, (input: Input) => Handler | Promise<Handler>>> = {
  clientAlone,
  bare,
  validated,
  routed,
  ours: async () => {
    const { handler } = await import('../../../functions/verifications/handler.ts');
    return (event, context) => handler(event, context);
  },
  deployed: ({ deployed: { file, name } }) => {
    const handler: unknown = Reflect.get(createRequire(import.meta.url)(file), name);
    if (!isHandler(handler)) throw new Error(`the bundle exports no ${name}`);
    return handler;
  },
};

const DECODE: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  zstd: zstdDecompressSync,
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

export const contend: Contend = async (name, given) => {
  const input = Input.parse(given);
  Object.assign(process.env, LAMBDA, OURS, { TABLE_NAME: input.table });
  replay(input.wire);
  const handler = await HANDLERS[name]?.(input);
  if (!handler) throw new Error(`there is no handler ${name}`);
  const event = readEvent(input, input.accepts);
  const { statusCode, headers = {}, body = '' } = await handler(event, CONTEXT);
  if (statusCode !== 200) throw new Error(`${name} answered ${statusCode}: ${body}`);
  const coding = String(headers['content-encoding'] ?? 'identity');
  if (coding !== input.accepts) throw new Error(`${name} answered in ${coding}`);
  return {
    // Lambda's runtime sends the result as JSON.
    call: async () => JSON.stringify(await handler(event, CONTEXT)),
    outcome: DECODE[coding]?.(Buffer.from(body, 'base64')).toString() ?? body,
  };
};
