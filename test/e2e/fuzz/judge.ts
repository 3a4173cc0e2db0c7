import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { pathsOf, type Route } from '../../../functions/route.ts';
import { table } from '../access/role-table.ts';
import type { Check } from '../stack/described.ts';
import type { Sent } from './requests.ts';
import type { Received } from './wire.ts';

const Gateways = z.strictObject({ message: z.string() });
/** Places of code, and names of what we are made of. */
const TELLTALE =
  /\bat .*:\d+|node_modules|\.[cm]?[jt]s\b:|\/(tmp|var|work|home)\/|DynamoDB|Cognito|AWS::|zod|Exception\b|TypeError|SyntaxError/;

/** The gateway's own answers, as docs/api.md lists them: a status and a message. */
const LISTED = new Set(
  [...readFileSync('docs/api.md', 'utf8').matchAll(/^\| (\d{3} `.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/(\d{3}) `([^`]+)`/g)].map(([, status, message]) => `${status} ${message}`),
  ),
);

/** Whether an answer may be given to a request: undefined, or what is wrong with it. */
export async function faultOf(sent: Sent, received: Received | undefined, check: Check): Promise<string | undefined> {
  if (!received) return isEndOfTalk(sent) ? undefined : 'the connection ended without an answer';
  const { status, headers } = received;
  const body =
    headers.get('content-encoding') === 'gzip' && received.body.length > 0 ? gunzipSync(received.body) : received.body;
  const text = body.toString();
  if (headers.has('x-injected')) return 'a header was injected';
  if (status >= 400 && TELLTALE.test(text)) return `tells too much: ${text.slice(0, 500)}`;
  if (text === '' && isBodiless(sent, status)) return undefined;
  const gateways = isJson(text) ? Gateways.safeParse(JSON.parse(text)).data : undefined;
  if (gateways) {
    if (status >= 500) return `the gateway answers ${status}: a function failed`;
    return LISTED.has(`${status} ${gateways.message}`) ? undefined : `docs/api.md has no ${status} ${gateways.message}`;
  }
  const requestId = headers.get('x-request-id');
  if (requestId === null || requestId !== headers.get('apigw-requestid')) {
    return `${status} without the gateway’s request id: ${text.slice(0, 500)}`;
  }
  const path = pathOf(sent);
  if (status >= 500 && !routeOf(sent.method, path)?.failures[status])
    return `${status}, which the route doesn’t name: ${text}`;
  if (status === 503 && !headers.has('retry-after')) return '503 without Retry-After';
  const response = new Response(status === 204 || status === 304 ? null : new Uint8Array(body), { status, headers });
  try {
    await check(sent.method, path, response);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Some requests are none, and some ask for no answer. */
const isEndOfTalk = ({ method, cut }: Sent) => cut || method === 'CONNECT';

const isBodiless = ({ method }: Sent, status: number) => method === 'HEAD' && [400, 401, 404, 431].includes(status);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A server may ignore spaces between the target and the version (RFC 9112, 3), and Node.js does. */
function pathOf({ target }: Sent): string {
  const [path = ''] = target
    .replace(/ +$/, '')
    .replace(/^https?:\/\/[^/?]*/, '')
    .split('?');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const routeOf = (method: string, path: string): Route | undefined =>
  table.find((route) => {
    const patterns = pathsOf(route).map((at) => at.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+'));
    return route.method === method && patterns.some((pattern) => new RegExp(`^${pattern}$`).test(path));
  });

/** The rows of a table: kinds of requests, how many of each, and what they were answered. */
export function tabled(counts: ReadonlyMap<string, ReadonlyMap<string, number>>): string {
  const rows = [...counts].map(([kind, statuses]) => {
    const total = [...statuses.values()].reduce((sum, one) => sum + one, 0);
    const answers = [...statuses]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([status, count]) => `${status} × ${count}`);
    return `| ${kind} | ${total} | ${answers.join(', ')} |`;
  });
  return ['| requests | how many | answers |', '|---|---|---|', ...rows].join('\n');
}
