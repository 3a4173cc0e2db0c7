import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as jose from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Route, routeKey } from '../../../functions/route.ts';
import { routes } from '../../../functions/routes.ts';
import { AuditLine } from '../../../functions/runtime/access/audit-line.ts';
import { FIXTURE_GROUPS } from '../../../lib/sandbox/groups/groups.ts';
import { eventually, login } from '../stack/calls.ts';
import { USER } from '../stack/options.ts';
import { type Running, startRunning } from '../stack/running.ts';

let running: Running;
beforeAll(async () => {
  running = await startRunning();
  await running.stack.ready();
});
afterAll(() => running?.stop());

/** The audit log, where CONTRIBUTING.md says that it is; no other log group is written to. */
function auditText(): string {
  const files = Object.values(running.stack.logGroupFiles).filter(existsSync);
  // None before the first line.
  expect([[], [join(running.stack.logDirectory, 'Audit-Lines.log')]]).toContainEqual(files);
  return files.map((file) => readFileSync(file, 'utf8')).join('');
}
const auditLines = (): AuditLine[] =>
  auditText()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => AuditLine.parse(JSON.parse(line.slice(line.indexOf('{')))));

/**
 * The lines that a call left, by the id that its answer names. A call of the same function after it shows when all are there;
 * each function's lines come on their own way.
 */
async function linesOf(response: Response, least = 1): Promise<AuditLine[]> {
  const of = (one: Response) => auditLines().filter(({ request }) => request === one.headers.get('x-request-id'));
  await eventually(
    async () => of(response).length,
    (found) => found >= least,
  );
  const after = await running.list('result_id=after');
  await eventually(
    async () => of(after).length,
    (found) => found > 0,
  );
  return of(response);
}

const subject = (token: string) => jose.decodeJwt(token).sub;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const id = randomUUID;

describe('a call of a route that needs a role leaves one line', () => {
  it('of who read which group', async () => {
    const group = id();
    running.sandbox.controls.setGroup(
      group,
      '{"overall_status":"COMPLETED","items":[{"id":"a","status":"COMPLETED"}]}',
    );
    const first = await running.list(`result_id=${group.toUpperCase()}`);
    expect(first.status).toBe(200);
    const line = { audit: 'GET /verifications', who: subject(running.token), groups: [group] };
    expect(await linesOf(first)).toMatchObject([{ ...line, outcome: 200 }]);
    const again = await running.list(`result_id=${group}`, { 'if-none-match': first.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
    expect(await linesOf(again)).toMatchObject([{ ...line, outcome: 304 }]);
  });

  it('of who read the headers alone of which group', async () => {
    const group = id();
    running.sandbox.controls.setGroup(
      group,
      '{"overall_status":"COMPLETED","items":[{"id":"a","status":"COMPLETED"}]}',
    );
    const head = await running.call(`/verifications?result_id=${group}`, {
      method: 'HEAD',
      headers: bearer(running.token),
    });
    expect(head.status).toBe(200);
    const line = { audit: 'HEAD /verifications', who: subject(running.token), groups: [group], outcome: 200 };
    expect(await linesOf(head)).toMatchObject([line]);
  });

  it.each([
    ['400', 'result_id=nobody', [], 400],
    ['400 of another field', `result_id=3C90C3CC-0d44-4b50-8888-8dd25736052a&page_size=0`, undefined, 400],
    ['404', 'result_id=00000000-0000-4000-8000-000000000000', undefined, 404],
  ])('that was refused with %s', async (_, query, groups, outcome) => {
    const response = await running.list(query);
    expect(response.status).toBe(outcome);
    const named = groups ?? [query.slice('result_id='.length).slice(0, 36).toLowerCase()];
    const [line, ...more] = await linesOf(response);
    expect(more).toEqual([]);
    expect(line).toMatchObject({ who: subject(running.token), groups: named, outcome });
  });

  it('of a caller without a role: 403', async () => {
    const roleless = { email: 'nobody.in.particular@example.com', password: 'local-password' };
    running.stack.addUser(roleless);
    const { access_token: token } = await login(running.call, roleless);
    const group = FIXTURE_GROUPS[0]?.resultId ?? '';
    const response = await running.list(`result_id=${group}`, bearer(token));
    expect(response.status).toBe(403);
    const line = { audit: 'GET /verifications', who: subject(token), groups: [group], outcome: 403 };
    expect(await linesOf(response)).toMatchObject([line]);
    expect(auditText()).not.toContain(roleless.email);
    expect(auditText()).not.toContain(token);
  });

  it('of every route of the table, and of none that is public', async () => {
    for (const route of Object.values<Route>(routes)) {
      const group = id();
      const path = route.path.replace('{result_id}', group);
      const response = await running.call(path, {
        method: route.method,
        headers: { ...bearer(running.token), 'content-type': 'application/json' },
        ...(route.method === 'POST' && { body: '{}' }),
      });
      const lines = await linesOf(response, route.access === 'public' ? 0 : 1);
      if (route.access === 'public') expect(lines).toEqual([]);
      else {
        const groups = path === route.path ? [] : [group];
        const line = { audit: routeKey(route), who: subject(running.token), groups, outcome: response.status };
        expect(lines).toMatchObject([line]);
      }
    }
  });
});

it('a call that the gateway refuses leaves none: it reaches no function', async () => {
  const group = id();
  for (const headers of [{}, bearer('nonsense')]) {
    const response = await fetch(`${running.stack.url}/verifications?result_id=${group}`, { headers });
    expect(response.status).toBe(401);
  }
  await linesOf(await running.list('result_id=after'));
  expect(auditText()).not.toContain(group);
});

it('the audit log holds nothing of what was read, no token, no address and no path', async () => {
  const values = new Set<string>();
  for (const { resultId } of FIXTURE_GROUPS) {
    const response = await running.list(`result_id=${resultId}&page_size=100`);
    expect(response.status).toBe(200);
    const own = [resultId, 'COMPLETED'];
    for (const text of stringsIn(await response.json())) if (text.length > 5 && !own.includes(text)) values.add(text);
    if (resultId === FIXTURE_GROUPS.at(-1)?.resultId) await linesOf(response);
  }
  const log = auditText();
  const names = [...values].filter((value) => /Contoh|Fiktif|Rekaan|Percobaan|Ujicoba/.test(value));
  expect(names.length).toBeGreaterThan(5);
  for (const { resultId } of FIXTURE_GROUPS) expect(log).toContain(resultId);
  expect([...values].filter((value) => log.includes(value))).toEqual([]);
  for (const secret of [running.token, USER.email, USER.password, running.sandbox.credentials.apiKey, '?', '@']) {
    expect(log).not.toContain(secret);
  }
});

/** Every text in a JSON value, names of fields left out, and every number of some length. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return value > 99_999 ? [String(value)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** The function that the subscription filters name. */
const forwarder = () => {
  const found = Object.entries(running.stack.logFiles).find(([, file]) => file.endsWith('Audit-Forwarder.log'));
  if (!found) throw new Error('the stack has a forwarder');
  return { id: found[0], log: () => readFileSync(found[1], 'utf8') };
};

describe('the forwarder', () => {
  it('stores nothing that is no audit line, and reports its id alone', async () => {
    const logEvents = [
      { id: '1234567890', timestamp: Date.now(), message: '{"audit":"GET /verifications","name":"BUDI SANTOSO"}' },
    ];
    const data = gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents })).toString('base64');
    const { id: name, log } = forwarder();
    expect(await running.stack.invoke(name, { awslogs: { data } })).toMatchObject({ ok: true });
    await eventually(
      async () => log(),
      (text) => text.includes('audit.malformed'),
    );
    const [malformed = ''] = log()
      .split('\n')
      .filter((line) => line.includes('audit.malformed'));
    expect(JSON.parse(malformed.slice(malformed.indexOf('{')))).toMatchObject({
      level: 'error',
      event: 'audit.malformed',
      id: '1234567890',
      MalformedAuditLines: 1,
    });
    for (const text of [log(), auditText()]) expect(text).not.toContain('BUDI');
  });

  it('leaves no audit line of its own work, so nothing goes round', async () => {
    const starts = () => forwarder().log().split('START').length;
    await linesOf(await running.list('result_id=quiet'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = starts();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(starts()).toBe(before);
  });
});

it('no line is lost when the run ends: what was answered is there', { timeout: 60_000 }, async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => running.list('result_id=last')));
  await running.restart();
  const kept = auditLines().map(({ request }) => request);
  for (const { headers, status } of answers) {
    expect(status).toBe(400);
    expect(kept.filter((request) => request === headers.get('x-request-id'))).toHaveLength(1);
  }
});
