import * as z from 'zod';
import { ROLES } from '../../functions/runtime/access/role.ts';
import { LocalFault } from './fault.ts';
import type { LocalUser } from './issuer/users.ts';

const text = z.string().min(1).optional();
const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((value) => value <= 65_535)
    .default(fallback);
const url = z
  .url({ protocol: /^https?$/ })
  .transform((value) => value.replace(/\/+$/, ''))
  .optional();

export const DEFAULT_WEBHOOK_TOKEN = 'local-webhook-token';

const DEFAULT_DATA_DIR = '.local';

const Variables = z.object({
  PORT: port(3000),
  DATA_DIR: z.string().min(1).default(DEFAULT_DATA_DIR),
  DYNAMODB_ENDPOINT: url,
  ANYCHECK_BASE_URL: url,
  ANYCHECK_API_KEY: text,
  ANYCHECK_EMAIL: text,
  ANYCHECK_PASSWORD: text,
  SWEEP_SECONDS: z
    .string()
    .regex(/^\d{1,5}(\.\d{1,3})?$/)
    .transform(Number)
    .refine((value) => value >= 0.1 && value <= 86_400)
    .default(10),
  SANDBOX_PORT: port(0),
  DYNAMODB_PORT: port(0),
  QUEUES_PORT: port(0),
  EVENTS_PORT: port(0),
  ISSUER_PORT: port(0),
  TOKEN_PORT: port(0),
  LOCAL_EMAIL: z.string().min(1).default('operator@example.com'),
  LOCAL_PASSWORD: z.string().min(1).default('local-password'),
  LOCAL_ROLE: z.enum([...ROLES, 'none']).default('admin'),
  WEBHOOK_TOKEN: z
    .string()
    .regex(/^[\w.~-]{16,256}$/)
    .default(DEFAULT_WEBHOOK_TOKEN),
});

const PORTS = [
  'PORT',
  'SANDBOX_PORT',
  'DYNAMODB_PORT',
  'QUEUES_PORT',
  'EVENTS_PORT',
  'ISSUER_PORT',
  'TOKEN_PORT',
] as const;

const A_PORT = 'a port number from 0 (any free one) to 65535';
const EXPECTED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(PORTS.map((name) => [name, A_PORT])),
  DYNAMODB_ENDPOINT: 'an http(s) URL',
  ANYCHECK_BASE_URL: 'an http(s) URL',
  LOCAL_ROLE: 'viewer, operator, admin or none',
  WEBHOOK_TOKEN: '16 to 256 letters, digits, -, ., _ and ~',
  SWEEP_SECONDS: 'a number of seconds from 0.1 to 86400',
};

export type AnyCheckCredentials = { readonly apiKey: string } | { readonly email: string; readonly password: string };

export interface LocalSettings {
  readonly port: number;
  readonly dataDir: string;
  readonly dynamodbEndpoint?: string;
  /** Default: the sandbox. */
  readonly anycheckBaseUrl?: string;
  /** Default: the sandbox's own credentials. */
  readonly anycheckCredentials?: AnyCheckCredentials;
  readonly sweepSeconds: number;
  /** 0: any free port, as for the ports below. */
  readonly sandboxPort: number;
  /** Of the embedded DynamoDB engine. */
  readonly dynamodbPort: number;
  readonly queuesPort: number;
  /** Of the stand-in for EventBridge. */
  readonly eventsPort: number;
  /** Of the stand-in for Cognito. */
  readonly issuerPort: number;
  /** Of the token endpoint for machines. */
  readonly tokenPort: number;
  readonly user: LocalUser;
  /** The token in the webhook URL. */
  readonly webhookToken: string;
}

/**
 * Parses the environment variables of `npm start`. An empty variable counts as unset.
 * @throws LocalFault with one sentence that names the unusable variable.
 */
export function parseLocalSettings(environment: Readonly<Record<string, string | undefined>>): LocalSettings {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Variables.safeParse(set);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]);
    throw new LocalFault(`${name} must be ${EXPECTED[name] ?? 'text'}, not ${JSON.stringify(set[name])}.`);
  }
  const value = parsed.data;
  refuseClash(value);
  if (value.DYNAMODB_PORT !== 0 && value.DYNAMODB_ENDPOINT !== undefined) {
    throw new LocalFault('DYNAMODB_PORT has no effect with DYNAMODB_ENDPOINT: unset one of them.');
  }
  if (/[?#@]/.test(value.ANYCHECK_BASE_URL ?? '')) {
    // The sentence does not repeat the URL, because it may hold a password.
    throw new LocalFault('ANYCHECK_BASE_URL must be an http(s) URL without query, fragment and user.');
  }
  const credentials = credentialsOf(value.ANYCHECK_API_KEY, value.ANYCHECK_EMAIL, value.ANYCHECK_PASSWORD);
  if (value.ANYCHECK_BASE_URL !== undefined && credentials === undefined) {
    throw new LocalFault(
      'ANYCHECK_BASE_URL is set without credentials: set ANYCHECK_API_KEY, or ANYCHECK_EMAIL and ANYCHECK_PASSWORD.',
    );
  }
  return {
    port: value.PORT,
    dataDir: value.DATA_DIR,
    sweepSeconds: value.SWEEP_SECONDS,
    sandboxPort: value.SANDBOX_PORT,
    dynamodbPort: value.DYNAMODB_PORT,
    queuesPort: value.QUEUES_PORT,
    eventsPort: value.EVENTS_PORT,
    issuerPort: value.ISSUER_PORT,
    tokenPort: value.TOKEN_PORT,
    user: {
      email: value.LOCAL_EMAIL,
      password: value.LOCAL_PASSWORD,
      groups: value.LOCAL_ROLE === 'none' ? [] : [value.LOCAL_ROLE],
    },
    webhookToken: value.WEBHOOK_TOKEN,
    ...(value.DYNAMODB_ENDPOINT !== undefined && { dynamodbEndpoint: value.DYNAMODB_ENDPOINT }),
    ...(value.ANYCHECK_BASE_URL !== undefined && { anycheckBaseUrl: value.ANYCHECK_BASE_URL }),
    ...(credentials !== undefined && { anycheckCredentials: credentials }),
  };
}

/** Returns the data directory that `npm start` uses with these environment variables. */
export const dataDirOf = ({ DATA_DIR }: Readonly<Record<string, string | undefined>>): string =>
  DATA_DIR || DEFAULT_DATA_DIR;

const ListenVariables = z.object({ LISTEN_PORT: port(0), LISTEN_TOKEN: text });

/**
 * Parses the environment variables of `npm run listen`. An empty variable counts as unset.
 * @throws LocalFault with one sentence that names the unusable variable.
 */
export function listenSettings({ LISTEN_PORT, LISTEN_TOKEN }: Readonly<Record<string, string | undefined>>): {
  /** 0: any free port. */
  readonly port: number;
  /** The token of an admin; undefined: the local user logs in. */
  readonly token: string | undefined;
} {
  const parsed = ListenVariables.safeParse({
    LISTEN_PORT: LISTEN_PORT || undefined,
    LISTEN_TOKEN: LISTEN_TOKEN || undefined,
  });
  if (!parsed.success) throw new LocalFault(`LISTEN_PORT must be ${A_PORT}, not ${JSON.stringify(LISTEN_PORT)}.`);
  return { port: parsed.data.LISTEN_PORT, token: parsed.data.LISTEN_TOKEN };
}

/** @throws LocalFault when two variables name the same port. */
function refuseClash(ports: Readonly<Record<(typeof PORTS)[number], number>>): void {
  for (const [at, name] of PORTS.entries()) {
    const other = PORTS.slice(0, at).find((one) => ports[one] !== 0 && ports[one] === ports[name]);
    if (other !== undefined) {
      throw new LocalFault(`${other} and ${name} are both ${ports[name]}: choose another port for one of them.`);
    }
  }
}

function credentialsOf(apiKey?: string, email?: string, password?: string): AnyCheckCredentials | undefined {
  if (apiKey !== undefined) return { apiKey };
  if (email !== undefined && password !== undefined) return { email, password };
  if (email === undefined && password === undefined) return undefined;
  throw new LocalFault('ANYCHECK_EMAIL and ANYCHECK_PASSWORD belong together: set both, or ANYCHECK_API_KEY.');
}
