import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SESSION_KEY } from '../../../functions/adapters/anycheck/session.ts';
import { groupKey, SCHEDULE } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { ScheduleRow } from '../../../functions/adapters/dynamodb/layout/schedule-row.ts';
import type { LocalOptions } from '../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { SANDBOX_CREDENTIALS } from '../../../lib/sandbox/server.ts';
import { failureOf, Tokens } from '../stack/calls.ts';
import { type Running, startRunning } from '../stack/running.ts';

/** AnyCheck's list of a group, as both sides serve it in pages of 100. */
export interface Content {
  readonly source: string;
  readonly pages: readonly string[];
}

const PAGE = 100;

export function content(items: number, status: string): Content {
  const all = Array.from({ length: items }, (_, i) => `{"id":"i${i}","status":"${status}","n":${i}.50}`);
  const starts = Array.from({ length: Math.ceil(items / PAGE) }, (_, i) => i * PAGE);
  return {
    source: `{"overall_status":"${status}","items":[${all.join()}]}`,
    pages: starts.map(
      (at) => `{"total":${items},"overall_status":"${status}","items":[${all.slice(at, at + PAGE).join()}]}`,
    ),
  };
}

/** A reader's answer. `from` is when the request was sent and `to` when the answer was read, ms since the epoch. */
export interface Seen {
  readonly status: number;
  readonly from: number;
  readonly to: number;
  /** Of an error. */
  readonly code?: string;
  readonly retryAfter?: number;
  /** Of a snapshot, whole. */
  readonly version?: number;
  readonly age?: number;
  readonly pages?: readonly string[];
}

/** A group's schedule row. */
export type Row = z.output<typeof ScheduleRow>;

/** A local stack and an AnyCheck that faults are put into over HTTP. */
export interface Bench {
  readonly running: Running;
  set(id: string, group: Content): Promise<void>;
  inject(request: Readonly<Record<string, unknown>>): Promise<void>;
  /** The number of calls that a queued fault can still affect, by group or by route; 0 after the last one. */
  left(of: string): Promise<number>;
  clear(): Promise<void>;
  endSession(): Promise<void>;
  /**
   * Lets another instance log in, whose session is due to be renewed: AnyCheck refuses the token that this instance
   * holds, and the next session begins with `/auth/refresh`.
   */
  replaceSession(): Promise<void>;
  /** @param pinned the requested version; undefined for the current one. */
  read(id: string, headers?: Record<string, string>, pinned?: number): Promise<Seen>;
  row(id: string): Promise<Row | undefined>;
  /** The number of calls to AnyCheck so far, logins included. */
  upstreamCalls(): Promise<number>;
  /** Deletes the fleet's budget: rate limit feedback, circuit and refused credentials. */
  forgive(): Promise<void>;
  sweep(): Promise<void>;
}

const Queued = z.object({
  queued: z.array(z.object({ route: z.string(), result_id: z.string().optional(), times: z.number() })),
});
const Counts = z.object({ counts: z.record(z.string(), z.number()) });

export async function startBench(options: Partial<LocalOptions>): Promise<Bench> {
  const running = await startRunning({ sweepSeconds: 3600, ...options });
  const { url } = running.sandbox;
  const { outputs, dynamodbEndpoint: endpoint, logFiles } = running.stack;
  const TableName = outputs.TableName ?? '';
  const db = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS }));
  async function control(method: string, path: string, body?: string): Promise<void> {
    const response = await fetch(`${url}/_sandbox/${path}`, { method, ...(body !== undefined && { body }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  }
  await control('PUT', 'limits', '{"limit":null}');

  return {
    running,
    set: (id, { source }) => control('PUT', `groups/${id}`, source),
    inject: (request) => control('POST', 'faults', JSON.stringify(request)),
    async left(of) {
      const { queued } = Queued.parse(await (await fetch(`${url}/_sandbox/faults`)).json());
      return queued.find(({ route, result_id = route }) => result_id === of)?.times ?? 0;
    },
    clear: () => control('DELETE', 'faults'),
    endSession: () => control('DELETE', 'session'),
    async replaceSession() {
      const { email, password } = SANDBOX_CREDENTIALS;
      const response = await fetch(`${url}/auth/login`, { method: 'POST', body: JSON.stringify({ email, password }) });
      const tokens = Tokens.parse(await response.json());
      await db.send(
        new UpdateCommand({
          TableName,
          Key: SESSION_KEY,
          UpdateExpression: 'SET access_token = :access, refresh_token = :refresh, renew_at = :due',
          ExpressionAttributeValues: { ':access': tokens.access_token, ':refresh': tokens.refresh_token, ':due': 0 },
        }),
      );
    },
    async read(id, headers, pinned) {
      const from = Date.now();
      const pin = pinned === undefined ? '' : `&snapshot_version=${pinned}`;
      const response = await running.list(`result_id=${id}&page_size=${PAGE}${pin}`, headers);
      const { status } = response;
      if (status !== 200) {
        const { error_code: code } = await failureOf(response);
        const retryAfter = response.headers.get('retry-after');
        return { status, from, to: Date.now(), code, ...(retryAfter !== null && { retryAfter: Number(retryAfter) }) };
      }
      const number = (name: string) => Number(response.headers.get(name) ?? Number.NaN);
      const version = number('x-snapshot-version');
      const pages = [await response.text()];
      const to = Date.now();
      const total = Number(/^\{"total":(\d+)/.exec(pages[0] ?? '')?.[1]);
      while (pages.length * PAGE < total) {
        const next = `page_offset=${pages.length * PAGE}&snapshot_version=${version}`;
        pages.push(await (await running.list(`result_id=${id}&page_size=${PAGE}&${next}`)).text());
      }
      return { status, from, to, version, age: number('age'), pages };
    },
    async row(id) {
      const Key = { pk: groupKey(id), sk: SCHEDULE };
      const { Item } = await db.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item && ScheduleRow.parse(Item);
    },
    async upstreamCalls() {
      const { counts } = Counts.parse(await (await fetch(`${url}/_sandbox/calls`)).json());
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
    async forgive() {
      await running.forgive();
    },
    async sweep() {
      const sweep = Object.keys(logFiles).find((name) => name.startsWith('Sweep')) ?? '';
      const outcome = await running.stack.invoke(sweep, {});
      if (!outcome.ok) throw new Error(`the sweep failed: ${outcome.message}`);
    },
  };
}
