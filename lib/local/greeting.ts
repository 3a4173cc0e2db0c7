import { controlLines } from '../sandbox/controls/control-routes.ts';
import { SANDBOX_CREDENTIALS } from '../sandbox/server.ts';
import type { LocalStack } from './main.ts';
import type { LocalSettings } from './settings.ts';

/** What the `curl` lines call: routes of the app, and an example group. */
export interface Tour {
  readonly loginPath: string;
  readonly listPath: string;
  readonly docsPath: string;
  readonly consolePath: string;
  /** Contains `{token}`. */
  readonly webhookPath: string;
  readonly group: { readonly resultId: string; readonly about: string };
}

/** The text that `npm start` prints once it serves requests. */
export function greeting(stack: LocalStack, settings: LocalSettings, tour: Tour): string {
  const { email, password } = settings.user;
  const login = quoted(JSON.stringify({ email, password }));
  const resultId = stack.sandbox === undefined ? '<your result_id>' : tour.group.resultId;
  const list = `${stack.url}${tour.listPath}?result_id=${resultId}`;
  const token = `-H "Authorization: Bearer $TOKEN"`;
  const about = stack.sandbox === undefined ? 'your own group' : tour.group.about;
  return [
    '',
    `anycheck-snapshots runs on this machine: ${stack.url}`,
    `  Docs      ${stack.url}${tour.docsPath}`,
    ...(stack.outputs.ConsoleUrl === undefined ? [] : [`  Console   ${stack.url}${tour.consolePath}`]),
    `  AnyCheck  ${stack.anycheckUrl}${stack.sandbox === undefined ? '' : ` (the sandbox; X-API-Key: ${keyOf(settings)})`}`,
    `  DynamoDB  ${stack.dynamodbEndpoint}`,
    `  Queues    ${stack.queueEndpoint}`,
    `  Events    ${stack.eventsEndpoint} (\`npm run events\` prints what is on the event bus)`,
    '  Webhooks  `npm run listen` registers a webhook endpoint of this machine, and prints what it receives',
    `  Issuer    ${stack.cognitoEndpoint}`,
    `  Sweep     every ${settings.sweepSeconds} s`,
    `  Data      ${settings.dataDir}, logs in ${stack.logDirectory}`,
    `  Login     ${stack.hasUsers ? `${email} / ${password} (role admin)` : 'none: the issuer in the settings gives out the tokens'}`,
    '  Keys      POST /api-keys creates an API key, which the paths below /key take: docs/switch-over.md',
    ...machines(stack),
    `  Inbound   curl -sS ${stack.webhookUrl} -d ${quoted(JSON.stringify({ result_id: resultId }))} # AnyCheck’s webhook, which requests a refresh`,
    '',
    `Paste these lines one after another (${about}):`,
    '',
    stack.hasUsers
      ? `TOKEN=$(curl -sS ${stack.url}${tour.loginPath} -H 'Content-Type: application/json' -d ${login} | sed -n 's/.*"access_token": *"\\([^"]*\\)".*/\\1/p')`
      : 'TOKEN=<your token>',
    `curl -sS -w '\\n' '${list}' ${token}`,
    `curl -sS -o /dev/null -D - '${list}' ${token}`,
    '',
    ...sandboxControls(stack),
    'Ready. Ctrl-C ends it.',
  ].join('\n');
}

/** The sandbox's API key. A key from the environment may be a real one, so the terminal does not show it. */
const keyOf = ({ anycheckCredentials: own }: LocalSettings): string =>
  own !== undefined && 'apiKey' in own ? '$ANYCHECK_API_KEY' : SANDBOX_CREDENTIALS.apiKey;

const sandboxControls = ({ sandbox }: LocalStack): string[] =>
  sandbox === undefined
    ? []
    : [
        `Control routes of the sandbox, without authentication (curl -sS ${sandbox.url}/_sandbox shows their bodies):`,
        '',
        ...controlLines(sandbox.controls).map((line) => `  ${line}`),
        '',
      ];

/** One `curl` line per machine that gets its token. */
const machines = ({ machineClients, tokenUrl }: LocalStack): string[] =>
  machineClients.map(
    ({ name, id, secret }, at) =>
      `${at === 0 ? '  Machines ' : '           '} ${name}: curl -sS ${tokenUrl} -u ${id}:${secret} -d grant_type=client_credentials`,
  );

/** Quotes text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
