import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { dueIndex } from '../../../functions/adapters/dynamodb/due-index.ts';
import { EVENTS, eventSk, groupKey, webhookKey } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { ledger } from '../../../functions/adapters/dynamodb/ledger.ts';
import { erase, redact } from '../../../functions/domain/erasure/erase.ts';
import { trackGroups } from '../../../functions/domain/groups/track-groups.ts';
import { serve } from '../../../lib/local/http/serve.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { verification } from '../../fakes/anycheck.ts';
import { type Engine, enginesOf, rowsOf } from '../../fakes/engine.ts';
import { UNLIMITED } from '../../fakes/quota.ts';
import { type Service, startService } from '../../fakes/service.ts';
import { fixtures, store } from '../../fixtures/webhook-rows/read.ts';
import { ENDPOINTS } from '../../fixtures/webhook-rows/world.ts';
import { startProcess } from '../lib/local/support/process.ts';

const LARGE = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const SMALL = '7b0f1c52-2a54-4f0e-9d5c-3a1f6b1f7c11';
/** Packs so badly that its page is one row of more than 300 KB. */
const BLOB = `,"blob":"${randomBytes(300_000).toString('base64')}"`;

async function runScript(script: 'restore' | 'replay', args: readonly string[], endpoint = 'http://127.0.0.1:1') {
  const running = startProcess(
    `bin/${script}.ts`,
    {
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    },
    args,
  );
  return { status: (await running.ended()).status, said: running.said() };
}

/** DynamoDB Local where there is a Java to run it. */
const engineOfRun = enginesOf(inject('size')).findLast(({ available }) => available);

describe(`npm run restore on ${engineOfRun?.name}`, { timeout: 120_000 }, () => {
  let engine: Engine;
  let endpoint: string;
  let source: Service;
  let live: Service;
  let ledgerTable: string;

  beforeAll(async () => {
    if (!engineOfRun) throw new Error('the embedded engine is available');
    engine = await engineOfRun.start();
    endpoint = await engine.address();
  });
  afterAll(() => engine.stop());

  beforeEach(async () => {
    [source, live] = [await startService(engine), await startService(engine)];
    ledgerTable = `ledger-${source.table}`;
    await engine.client.send(
      new CreateTableCommand({
        TableName: ledgerTable,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'result_id', KeyType: 'HASH' },
          { AttributeName: 'event', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'result_id', AttributeType: 'S' },
          { AttributeName: 'event', AttributeType: 'S' },
        ],
      }),
    );
    for (const version of [1, 2]) {
      await publish(source, LARGE, [
        verification(1, 'COMPLETED', BLOB),
        verification(2, version === 1 ? 'DRAFT' : 'COMPLETED'),
      ]);
      await publish(source, SMALL, [verification(1, version === 1 ? 'IN_PROGRESS' : 'COMPLETED')]);
    }
  });

  async function publish(service: Service, id: string, items: string[]) {
    service.anycheck.groups.set(id, { overall: 'COMPLETED', items });
    if ((await service.bare.read(id)).schedule === undefined) await service.track(id);
    expect(await service.refresh(id)).toMatchObject({ kind: 'published' });
  }

  const restore = (args: readonly string[], at = endpoint) =>
    runScript('restore', [source.table, live.table, '--ledger', ledgerTable, ...args], at);

  const itemsOf = async (service: Service, id: string, query = '') => (await service.read(id, query)).items;
  const deps = (service: Service) => ({
    store: service.bare,
    ledger: ledger(engine.client, ledgerTable),
    queue: { enqueue: async () => {} },
    now: () => service.clock.now,
  });

  it('copies a lost group with a row of 300 KB: both versions and the history read as before, and it is due', async () => {
    const before = Date.now();
    const { status, said } = await restore([LARGE]);
    expect(said).toMatch(/^3c90c3cc\S+ restored: version 2, \d+ rows\n1 restored \(\d+ rows\), 0 unchanged\.\n$/);
    expect(status).toBe(0);
    const largest = Math.max(...(await rowsOf(engine.client, live.table)).map((row) => JSON.stringify(row).length));
    expect(largest).toBeGreaterThan(300_000);
    for (const query of ['', '&snapshot_version=1']) {
      expect(await itemsOf(live, LARGE, query)).toEqual(await itemsOf(source, LARGE, query));
    }
    expect(await live.deps.history.changes(LARGE, undefined, 9)).toEqual(
      await source.deps.history.changes(LARGE, undefined, 9),
    );
    expect(live.anycheck.calls).toBe(0);
    const [due] = await dueIndex(engine.client, live.table).due(Date.now(), 9);
    expect(due).toMatchObject({ resultId: LARGE });
    expect(due?.due).toBeGreaterThanOrEqual(before);
  });

  it('copies a webhook endpoint with its deliveries where it is named, and the events of a group with the group', async () => {
    await store(engine.client, source.table, fixtures.at(-1)?.rows ?? []);
    const event = { pk: groupKey(LARGE), sk: eventSk(`evt_${'a'.repeat(22)}`), v: 1, body: '{}' };
    await store(engine.client, source.table, [event]);
    const { failing, gone } = ENDPOINTS;
    const { status, said } = await restore([LARGE, failing]);
    expect(said).toContain(`${failing} restored: `);
    expect(status).toBe(0);
    const rows = await rowsOf(engine.client, live.table);
    expect(rows.filter(({ pk }) => pk === webhookKey(failing))).toHaveLength(8);
    expect(rows).toContainEqual(event);
    expect(await restore([failing])).toMatchObject({ status: 0, said: expect.stringContaining('1 unchanged') });
    await restore(['--all']);
    expect(JSON.stringify(await rowsOf(engine.client, live.table))).not.toContain(gone);
  });

  it('a restored group is refreshed, and its versions continue', async () => {
    await restore([LARGE]);
    live.anycheck.groups.set(LARGE, { overall: 'COMPLETED', items: [verification(2)] });
    expect(await live.refresh(LARGE)).toMatchObject({ kind: 'published', version: 3 });
    expect(await itemsOf(live, LARGE, '&snapshot_version=2')).toEqual(await itemsOf(source, LARGE));
  });

  it('copies all groups, and leaves those alone that are there', async () => {
    await restore([SMALL]);
    const { status, said } = await restore(['--all']);
    expect(said).toContain(`${SMALL} unchanged: the live table has its version 2`);
    expect(said).toMatch(/1 restored \(\d+ rows\), 1 unchanged\.\n$/);
    expect(status).toBe(0);
    expect(await itemsOf(live, LARGE)).toEqual(await itemsOf(source, LARGE));
  });

  it('a row that cannot be written ends the run with its name, readers see nothing of the group, and a repeat restores it', async () => {
    const proxy = createServer(async (request, response) => {
      const body = await textOf(request);
      if (request.headers['x-amz-target']?.toString().endsWith('.PutItem') && body.includes('"history#')) {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' }));
        return;
      }
      const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
        typeof value === 'string' && /^(x-amz|auth|content-type)/.test(name) ? [[name, value]] : [],
      );
      const answer = await fetch(endpoint, { method: 'POST', headers, body });
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(await answer.text());
    });
    const { url, close } = await serve(proxy);
    onTestFinished(close);
    const third = '11111111-1111-4111-8111-111111111111';
    const { status, said } = await restore(
      [LARGE, SMALL, third, third.replace('1', '2'), third.replace('1', '3')],
      url,
    );
    expect(status).toBe(1);
    expect(said).toContain(
      `${LARGE} failed: its row history#0000000001 was not written (AccessDeniedException: not allowed). ` +
        'Its readers see what they saw before; nothing of it is restored for them. Run the same command again.',
    );
    expect(said).toMatch(/0 restored \(0 rows\), .*\b[12] failed\b.*\.\n$/);
    await expect(itemsOf(live, LARGE)).rejects.toMatchObject({ status: 404 });
    expect((await live.bare.read(LARGE)).snapshot).toBeUndefined();
    expect(await restore([LARGE, SMALL])).toMatchObject({ status: 0 });
    expect(await itemsOf(live, LARGE)).toEqual(await itemsOf(source, LARGE));
  });

  it('refuses a newer version in the live table; with --replace the group is that of the restored table alone', async () => {
    await restore([LARGE]);
    live.clock.now = source.clock.now + 60_000;
    await publish(live, LARGE, [verification(3)]);
    const refused = await restore([LARGE]);
    expect(refused.status).toBe(1);
    expect(refused.said).toContain(`${LARGE} refused: the live table has a newer version (3 of `);
    expect(await itemsOf(live, LARGE)).toEqual([verification(3)]);
    expect(await restore([LARGE, '--replace'])).toMatchObject({ status: 0 });
    expect(await itemsOf(live, LARGE)).toEqual(await itemsOf(source, LARGE));
    const keys = async (service: Service) =>
      (await rowsOf(engine.client, service.table))
        .flatMap(({ pk, sk }) => (String(pk).endsWith(LARGE) ? [String(sk)] : []))
        // What was announced stays announced.
        .filter((sk) => !sk.startsWith(EVENTS))
        .sort();
    expect(await keys(live)).toEqual(await keys(source));
    live.anycheck.groups.set(LARGE, { overall: 'COMPLETED', items: [verification(4)] });
    expect(await live.refresh(LARGE)).toMatchObject({ kind: 'published', version: 3 });
    expect((await live.deps.history.changes(LARGE, undefined, 9)).map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  it('refuses rows in the live table that the restored table lacks, although their group is unreadable', async () => {
    await engine.client.send(
      new PutCommand({ TableName: live.table, Item: { pk: `group#${SMALL}`, sk: 'page#0000000009#x#0', v: 1 } }),
    );
    expect((await restore([SMALL])).said).toContain(
      'the live table has 1 rows of it that the restored table lacks (page#0000000009#x#0)',
    );
  });

  it.each(['erase', 'redact'] as const)(
    'refuses a group that the ledger names (%s) until the replay, also with --replace',
    async (kind) => {
      await restore([SMALL]);
      live.clock.now = Date.now();
      await (kind === 'erase' ? erase(deps(live), SMALL) : redact(deps(live), SMALL));
      for (const args of [[SMALL], ['--replace', SMALL]]) {
        const { status, said } = await restore(args);
        expect(status).toBe(1);
        expect(said).toMatch(
          /refused: it was (erased|redacted) at .* run "npm run replay" on the restored table first/,
        );
      }
      expect((await runScript('replay', [source.table, ledgerTable], endpoint)).status).toBe(0);
      for (const { pk, sk } of await rowsOf(engine.client, live.table)) {
        await engine.client.send(new DeleteCommand({ TableName: live.table, Key: { pk, sk } }));
      }
      expect(await restore([SMALL])).toMatchObject({ status: 0 });
      live.clock.now = Date.now();
      if (kind === 'redact')
        expect(await itemsOf(live, SMALL)).toEqual(['{"id":"1","status":"COMPLETED","execution_time":null}']);
      else {
        await expect(itemsOf(live, SMALL)).rejects.toMatchObject({ status: 404 });
        const sks = (await rowsOf(engine.client, live.table)).map(({ sk }) => sk);
        expect(sks).toEqual(['head#current', 'head#schedule']);
        await trackGroups({ ...deps(live), newGroups: UNLIMITED }, [SMALL]);
        live.anycheck.groups.set(SMALL, { overall: 'COMPLETED', items: [verification(5)] });
        expect(await live.refresh(SMALL)).toMatchObject({ kind: 'published', version: 3 });
      }
    },
  );

  it('refuses a restored table that lacks a page of the group, before it writes anything', async () => {
    for (const { pk, sk } of await rowsOf(engine.client, source.table)) {
      if (!String(sk).startsWith('page#')) continue;
      await engine.client.send(new DeleteCommand({ TableName: source.table, Key: { pk, sk } }));
    }
    const { status, said } = await restore([LARGE]);
    expect(status).toBe(1);
    expect(said).toContain(`${LARGE} failed: the restored table lacks its row page#`);
    expect(await rowsOf(engine.client, live.table)).toEqual([]);
  });
});

describe('npm run restore', () => {
  it('prints its usage on --help', async () => {
    const { status, said } = await runScript('restore', ['--help']);
    expect(status).toBe(0);
    expect(said).toMatch(/^npm run restore -- <from table> <to table>/);
  });

  it.each([
    [[], 'Name the restored table and the live table.'],
    [['a', 'a', '--ledger', 'l', SMALL], 'are the same'],
    [['a', 'b', SMALL], 'Name the ledger table with --ledger.'],
    [['a', 'b', '--ledger', 'l'], 'Name the groups or webhook endpoints, or pass --all.'],
    [['a', 'b', '--ledger', 'l', '--all', SMALL], 'Name the groups or webhook endpoints, or pass --all.'],
    [['a', 'b', '--ledger', 'l', 'x'], '"x" is no result_id, and no id of a webhook endpoint.'],
  ])('ends with status 2 and a reason for the arguments %j', async (args, reason) => {
    const { status, said } = await runScript('restore', args);
    expect(status).toBe(2);
    expect(said.split('\n')[0]).toContain(reason);
  });
});
