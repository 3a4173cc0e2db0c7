import { createServer } from 'node:http';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { startProcess } from '../../engine/lib/local/support/process.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

const List = z.object({ items: z.array(z.looseObject({ id: z.string(), description: z.string(), url: z.string() })) });
const Token = z.looseObject({ access_token: z.string() });
const Address = z.object({ port: z.number() });

let shared: Shared;
beforeAll(async () => {
  shared = await joinShared();
});

const printing = (variables: Record<string, string> = {}) => {
  const running = startProcess('bin/listen.ts', { DATA_DIR: shared.stack.dataDir, ...variables });
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
};
const listening = async (variables: Record<string, string> = {}) => {
  const running = printing(variables);
  await running.says('Time of receipt');
  const [, id = '', url = ''] = /webhook endpoint (we_\S+), (http\S+)\. Ctrl-C/.exec(running.said()) ?? [];
  return { ...running, id, url };
};
const headers = () => ({ authorization: `Bearer ${shared.token}`, 'content-type': 'application/json' });
/** The ids of the endpoints of listeners. */
async function registered(): Promise<string[]> {
  const response = await shared.call('/webhook-endpoints', { headers: headers() });
  const { items } = List.parse(await response.json());
  return items.filter(({ description }) => description === 'npm run listen').map(({ id }) => id);
}

afterEach(async () => {
  for (const id of await registered())
    await shared.call(`/webhook-endpoints/${id}`, { method: 'DELETE', headers: headers() });
});

describe('npm run listen', () => {
  it('prints each event that it receives, and a line for a bad signature, until Ctrl-C removes the endpoint', async () => {
    const group = crypto.randomUUID();
    await shared.setGroup(group, '{"items":[{"id":"a","status":"COMPLETED"}]}');
    const { child, says, said, ended, id, url } = await listening();
    expect(said()).toContain(`Connected to the local run in ${shared.stack.dataDir} at ${shared.stack.url}: `);
    expect((await shared.list(`result_id=${group}`)).status).toBe(200);
    // Deliveries have no order.
    for (const event of ['created', 'settled']) await says(`group.${event}  ${group} v1`);
    expect(said()).toMatch(
      new RegExp(
        `^\\d{4}-\\S+Z +\\+\\d+\\.\\d\\ds group\\.created {2}${group} v1 settled; COMPLETED: 1 COMPLETED`,
        'm',
      ),
    );

    const forged = { 'webhook-id': 'evt_\u0085forged', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' };
    expect((await fetch(url, { method: 'POST', headers: forged, body: '{}' })).status).toBe(400);
    await says('bad signature: webhook-id evt_?forged: Message timestamp too old\n');
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(400);
    await says('bad signature: webhook-id missing: Missing required headers\n');
    expect((await fetch(new URL('/', url), { method: 'POST' })).status).toBe(404);

    const tested = await shared.call(`/webhook-endpoints/${id}/test`, { method: 'POST', headers: headers() });
    expect(await tested.json()).toMatchObject({ delivered: true, status: 204 });
    await says('ping           from anycheck-snapshots on this endpoint\n');

    expect(await registered()).toContain(id);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect((await ended()).status).toBe(0);
    expect(await registered()).not.toContain(id);
  });

  it('removes its endpoint where its output is closed', async () => {
    const { child, ended, id, url } = await listening();
    child.stdout?.destroy();
    await vi.waitFor(async () => {
      await fetch(url, { method: 'POST' }).catch(() => {});
      expect(child.exitCode).toBe(0);
    });
    await ended();
    expect(await registered()).not.toContain(id);
  });

  it('removes the endpoint of a listener that was killed, and leaves those of listeners that run', async () => {
    const killed = await listening();
    killed.child.kill('SIGKILL');
    await killed.ended();
    const first = await listening();
    const second = await listening();
    const ids = await registered();
    expect(ids).toEqual(expect.arrayContaining([first.id, second.id]));
    expect(ids).not.toContain(killed.id);
  });

  it('listens on the port that LISTEN_PORT names, and says so where it is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = String(Address.parse(server.address()).port);
    const refused = printing({ LISTEN_PORT: port });
    expect((await refused.ended()).status).toBe(1);
    expect(refused.said()).toBe(`Port ${port} is in use: choose another with LISTEN_PORT.\n`);
    await new Promise((resolve) => server.close(resolve));
    expect(new URL((await listening({ LISTEN_PORT: port })).url).port).toBe(port);
  });

  it('says which role it needs where the login has another one', async () => {
    const { id, secret } = shared.stack.machineClients.find(({ name }) => name === 'local-viewer') ?? {};
    const response = await fetch(shared.stack.tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const refused = printing({ LISTEN_TOKEN: Token.parse(await response.json()).access_token });
    expect((await refused.ended()).status).toBe(1);
    expect(refused.said()).toMatch(/^This login may not register webhook endpoints, which needs the role admin: .*\n$/);
  });

  it('says what the service answered where a token is of no use', async () => {
    const refused = printing({ LISTEN_TOKEN: 'expired' });
    expect((await refused.ended()).status).toBe(1);
    expect(refused.said()).toBe('GET /webhook-endpoints answered 401: {"message":"Unauthorized"}\n');
  });
});
