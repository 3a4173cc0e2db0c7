import { controlRoutes } from '../lib/local/sandbox/control-routes.ts';
import { FIXTURE_GROUPS } from '../lib/local/sandbox/groups.ts';
import { type Sandbox, startSandbox } from '../lib/local/sandbox/server.ts';

const DEFAULT_PORT = 4010;

const port = portFrom(process.env.SANDBOX_PORT);
try {
  const sandbox = await startSandbox({ port });
  print(sandbox);
  const end = () => void sandbox.close();
  process.on('SIGINT', end).on('SIGTERM', end);
} catch (error) {
  fail(explain(error));
}

function portFrom(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    fail(`SANDBOX_PORT must be a port number, not ${JSON.stringify(text)}.`);
  return Number(text);
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const taken = 'code' in error && error.code === 'EADDRINUSE';
  return taken ? `Port ${port} is in use. Set SANDBOX_PORT to another one.` : error.message;
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
  console.log(`AnyCheck sandbox on ${url}. All people and documents in it are made up; nothing is kept when it ends.

  API key   ${credentials.apiKey}
  login     ${credentials.email} / ${credentials.password}

Groups (result_id)
${FIXTURE_GROUPS.map(({ resultId, name, about }) => `  ${resultId}  ${name}: ${about}`).join('\n')}

Try
  curl -H 'X-API-Key: ${credentials.apiKey}' '${list}${moving?.resultId}'
  curl -H 'Content-Type: application/json' -d '${login}' ${url}/auth/login
  curl -d '${fault}' ${url}/_sandbox/faults

Control, without a key
${controlRoutes(controls)
  .map(({ method, path, about }) => `  ${method.padEnd(6)} ${path.padEnd(28)} ${about}`)
  .join('\n')}
`);
}
