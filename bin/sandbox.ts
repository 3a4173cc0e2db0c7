import { controlLines } from '../lib/sandbox/controls/control-routes.ts';
import { FIXTURE_GROUPS } from '../lib/sandbox/groups/groups.ts';
import { type Sandbox, startSandbox } from '../lib/sandbox/server.ts';
import { refusalOf } from '../lib/sandbox/webhooks/address.ts';

const DEFAULT_PORT = 4010;

const port = portFrom(process.env.SANDBOX_PORT);
const webhookUrl = webhookUrlFrom(process.env.SANDBOX_WEBHOOK_URL);
try {
  const sandbox = await startSandbox({ port, ...(webhookUrl === undefined ? {} : { webhookUrl }) });
  const end = () => void sandbox.close();
  process.on('SIGINT', end).on('SIGTERM', end);
  print(sandbox);
} catch (error) {
  fail(explain(error));
}

function portFrom(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    fail(`SANDBOX_PORT must be a port number, not ${JSON.stringify(text)}.`);
  return Number(text);
}

function webhookUrlFrom(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (refusalOf(text, false) !== undefined)
    fail(`SANDBOX_WEBHOOK_URL must be an HTTP address on this machine, not ${JSON.stringify(text)}.`);
  return text;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inUse = 'code' in error && error.code === 'EADDRINUSE';
  return inUse ? `Port ${port} is in use. Set SANDBOX_PORT to another one.` : error.message;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function print({ url, credentials, controls }: Sandbox): void {
  const list = `${url}/verifications?result_id=`;
  const [moving] = FIXTURE_GROUPS;
  const login = JSON.stringify({ email: credentials.email, password: credentials.password });
  const fault = JSON.stringify({ kind: 'status', status: 503, times: 2 });
  console.log(`AnyCheck sandbox on ${url}. All people and documents in it are made up. It stores nothing after its end.

  API key   ${credentials.apiKey}
  login     ${credentials.email} / ${credentials.password}

Groups (result_id)
${FIXTURE_GROUPS.map(({ resultId, name, about }) => `  ${resultId}  ${name}: ${about}`).join('\n')}

Try
  curl -H 'X-API-Key: ${credentials.apiKey}' '${list}${moving?.resultId}'
  curl -H 'Content-Type: application/json' -d '${login}' ${url}/auth/login
  curl -d '${fault}' ${url}/_sandbox/faults

Webhooks: each status change is POSTed to its item's webhook_url, only to addresses on this machine.
  ${webhookUrl === undefined ? 'SANDBOX_WEBHOOK_URL=http://127.0.0.1:PORT/PATH sets it on all groups but 8.' : `All groups but 8 have ${webhookUrl}.`}

Control API, without authentication
  ${controlLines(controls).join('\n  ')}
`);
}
