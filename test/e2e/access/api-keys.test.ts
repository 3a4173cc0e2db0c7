import { setTimeout as sleep } from 'node:timers/promises';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { API_KEYS } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import { hashOf } from '../../../functions/domain/api-keys/check-key.ts';
import { parseKey } from '../../../functions/domain/api-keys/key-text.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { failureOf, login } from '../stack/calls.ts';
import { API_KEY_CACHE_SECONDS } from '../stack/options.ts';
import { joinShared, type Shared } from '../stack/shared.ts';
import { machineToken } from './machine-token.ts';

const Issued = z.looseObject({ id: z.string(), key: z.string() });
const List = z.object({ items: z.array(z.looseObject({ id: z.string() })) });

const CACHE_MS = API_KEY_CACHE_SECONDS * 1000;

let running: Shared;
beforeAll(async () => {
  running = await joinShared();
});

const call = (method: string, path: string, body?: unknown, token = running.token) =>
  running.call(`/api-keys${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

async function created(more: object = {}) {
  const response = await call('POST', '', { name: 'loan-origination', role: 'viewer', ...more });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return Issued.parse(await response.json());
}
const listed = async (id: string) => {
  const response = await call('GET', '');
  const text = await response.text();
  return { text, found: List.parse(JSON.parse(text)).items.find((one) => one.id === id) };
};
/** The admin of these calls. */
const subject = () => decodeJwt(running.token).sub;
const secretOf = (key: string) => parseKey(key)?.secret ?? '';

describe('an API key', () => {
  it('is created, listed, rotated and revoked by an admin, and shown once', async () => {
    const { id, key } = await created({ role: 'operator', expires_in_days: 7 });
    expect((await listed(id)).found).toMatchObject({
      name: 'loan-origination',
      role: 'operator',
      status: 'active',
      expires_soon: false,
      last_used_on: null,
    });
    const response = await call('POST', `/${id}/rotate`, { expires_in_days: 90 });
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const rotated = Issued.extend({ previous_ends_at: z.iso.datetime() }).parse(await response.json());
    expect(rotated).toMatchObject({ id, expires_soon: false });
    expect(rotated.key).not.toBe(key);
    const { text } = await listed(id);
    for (const hidden of [key, rotated.key]) {
      expect(text).not.toContain(secretOf(hidden));
      expect(text).not.toContain(hashOf(secretOf(hidden)));
    }
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await listed(id)).found).toBeUndefined();
    for (const answer of [await call('DELETE', `/${id}`), await call('POST', `/${id}/rotate`, {})]) {
      expect([answer.status, (await failureOf(answer)).error_code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('works below /key from its creation on, with each secret until that ends, and not after its revocation', async () => {
    const verdict = async (text: string) => {
      const response = await running.call('/key/groups?limit=1', { headers: { 'x-api-key': text } });
      return response.status === 200 ? 'in' : `${response.status} ${(await failureOf(response)).error_code}`;
    };
    const verdicts = async (...texts: string[]) => {
      const all: string[] = [];
      for (const text of texts) all.push(await verdict(text));
      return all;
    };
    const { id, key: first } = await created();
    expect(await verdicts(first)).toEqual(['in']);
    const rotate = async (body: object) => {
      const response = await call('POST', `/${id}/rotate`, body);
      expect(response.status).toBe(200);
      return Issued.parse(await response.json()).key;
    };
    const second = await rotate({});
    expect(await verdicts(second, first)).toEqual(['in', 'in']);
    const third = await rotate({ previous_valid_hours: 0 });
    await sleep(CACHE_MS);
    const ended = '401 API_KEY_EXPIRED';
    expect(await verdicts(third, second, first)).toEqual(['in', ended, ended]);
    expect((await listed(id)).found).toMatchObject({ rotated_by: subject(), last_used_on: expect.any(String) });
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    await sleep(CACHE_MS);
    const unknown = '401 INVALID_API_KEY';
    expect(await verdicts(third, second, first)).toEqual([unknown, unknown, unknown]);
  });

  it('is stored as a hash, and its secret nowhere', async () => {
    const { id, key } = await created();
    const client = documentClient(2, 5_000, {
      endpoint: running.stack.dynamodbEndpoint,
      region: REGION,
      credentials: CREDENTIALS,
    });
    const { Items = [] } = await client.send(
      new ScanCommand({
        TableName: running.stack.outputs.TableName,
        FilterExpression: 'pk = :keys AND sk = :id',
        ExpressionAttributeValues: { ':keys': API_KEYS, ':id': id },
        ConsistentRead: true,
      }),
    );
    const stored = JSON.stringify(Items);
    expect(stored).toContain(hashOf(secretOf(key)));
    expect(stored).not.toContain(secretOf(key));
    await call('DELETE', `/${id}`);
  });

  it('is not made by a machine, even one with the role admin', async () => {
    for (const name of ['local-viewer', 'local-operator', 'local-admin']) {
      const response = await call('POST', '', { name: 'a', role: 'viewer' }, await machineToken(running.stack, name));
      expect([name, response.status]).toEqual([name, 403]);
    }
  });

  it('is not made by a person with a lesser role', async () => {
    for (const role of ['viewer', 'operator']) {
      const person = { email: `${crypto.randomUUID()}@example.com`, password: 'a password of their own' };
      await running.addUser({ ...person, groups: [role] });
      const { access_token: token } = await login(running.call, person);
      for (const [method, path] of [
        ['POST', ''],
        ['GET', ''],
        ['POST', `/${'a'.repeat(16)}/rotate`],
        ['DELETE', `/${'a'.repeat(16)}`],
      ] as const) {
        const response = await call(method, path, method === 'POST' ? { name: 'a', role: 'viewer' } : undefined, token);
        expect([response.status, (await failureOf(response)).error_code]).toEqual([403, 'FORBIDDEN']);
      }
    }
  });

  it('has no role of an admin', async () => {
    const response = await call('POST', '', { name: 'a', role: 'admin' });
    expect(response.status).toBe(400);
    expect(await failureOf(response)).toMatchObject({ error_code: 'INVALID_REQUEST', errors: [{ field: 'role' }] });
  });
});
