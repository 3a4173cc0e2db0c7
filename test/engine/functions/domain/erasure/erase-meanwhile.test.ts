import { randomBytes } from 'node:crypto';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workerStore } from '../../../../../functions/adapters/dynamodb/worker-store.ts';
import { erase, redact } from '../../../../../functions/domain/erasure/erase.ts';
import { trackGroups } from '../../../../../functions/domain/groups/track-groups.ts';
import { groupDiff } from '../../../../../functions/domain/history/group-diff.ts';
import { groupHistory } from '../../../../../functions/domain/history/group-history.ts';
import type { Store } from '../../../../../functions/domain/store/ports.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { verifications } from '../../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { UNLIMITED } from '../../../../fakes/quota.ts';
import { type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
let engine: Engine;
let service: Service;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  service = await startService(engine);
  await service.track(ID);
});

const now = () => service.clock.now;
const deps = (store: Store = service.bare) => ({
  store,
  now,
  ledger: { record: async () => {} },
  newGroups: UNLIMITED,
  queue: { enqueue: async () => {} },
});
const hold = (name: string) =>
  service.anycheck.groups.set(ID, {
    overall: 'COMPLETED',
    items: [`{"id":"i0","status":"COMPLETED","output":{"name":"${name}"}}`],
  });
const history = () => groupHistory({ ...deps(), history: service.deps.history }, ID, undefined, 100);
/** The worker's looks until nothing is left to clean. */
async function cleaned(): Promise<void> {
  for (let refreshes = 0; refreshes < 5; refreshes++) {
    const { cleanUntil } = (await service.bare.read(ID)).schedule ?? {};
    if (cleanUntil === undefined) return;
    if (refreshes > 0) service.clock.now = Math.max(service.clock.now, cleanUntil);
    await service.refresh(ID, refreshes + 1);
  }
  expect.fail('it is not clean after five looks');
}
/** A store of its own, some of whose updates are told to `before` first. */
const storeWith = (before: (command: UpdateCommand) => Promise<void>, retentionDays = 10) => {
  const send = async (command: unknown) => {
    if (command instanceof UpdateCommand) await before(command);
    return Reflect.apply(engine.client.send, engine.client, [command]);
  };
  const client: DynamoDBDocumentClient = new Proxy(engine.client, {
    get: (target, name) => (name === 'send' ? send : Reflect.get(target, name)),
  });
  return workerStore({ client, table: service.table, retentionDays, now });
};

describe('content that was erased or redacted', () => {
  it.each(['erase', 'redact'] as const)('is not served to a no-cache read while AnyCheck fails: %s', async (kind) => {
    hold('Siti');
    await service.refresh(ID);
    service.clock.now += 100_000;
    service.anycheck.before = async () => {
      await (kind === 'erase' ? erase(deps(), ID) : redact(deps(), ID));
      throw new UpstreamError('UNAVAILABLE', 'down');
    };
    const answer = service.read(ID, '', 'no-cache');
    if (kind === 'erase') await expect(answer).rejects.toMatchObject({ status: 404 });
    else expect((await answer).items.join()).not.toContain('Siti');
  });

  it('makes no version of its own where a no-cache read comes before the worker has redacted it', async () => {
    hold('Siti');
    await service.refresh(ID);
    service.clock.now += 100_000;
    await redact(deps(), ID);
    const { due } = (await service.bare.read(ID)).schedule ?? {};
    const { snapshot, items } = await service.read(ID, '', 'no-cache');
    expect(snapshot.version).toBe(1);
    expect(items.join()).not.toContain('Siti');
    expect((await history())?.items.map(({ version }) => version)).toEqual([1]);
    expect((await service.bare.read(ID)).schedule?.due).toBe(due);
  });

  it('is gone from every row of a page, also where a worker died between two of them', async () => {
    const secret = randomBytes(600_000).toString('base64');
    hold(secret);
    await service.refresh(ID);
    const pages = async () =>
      (await rowsOf(engine.client, service.table)).flatMap(({ data }) => (data instanceof Uint8Array ? [data] : []));
    expect((await pages()).length).toBeGreaterThan(1);
    await redact(deps(), ID);
    let writes = 0;
    service.store = storeWith(async ({ input }) => {
      if (input.ExpressionAttributeNames?.['#data'] && ++writes === 2) throw new Error('killed');
    });
    await expect(service.refresh(ID)).rejects.toThrow('killed');
    service.store = service.bare;
    await cleaned();
    const left = (await pages()).reduce((sum, data) => sum + data.length, 0);
    expect(left).toBeLessThan(1_000);
  });

  it('does not come back where the fence of an erasure comes late, after the group was tracked and erased anew', async () => {
    hold('Siti');
    await service.refresh(ID);
    const late = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const slow = storeWith(async ({ input }) => {
      if (!input.UpdateExpression?.includes('#erased_version')) return;
      reached.resolve();
      await late.promise;
    });
    const first = erase(deps(slow), ID);
    await reached.promise;
    service.clock.now += 1_000;
    await trackGroups(deps(), [ID]);
    hold('Budi');
    await service.refresh(ID);
    expect((await service.read(ID)).snapshot.version).toBe(2);
    service.clock.now += 1_000;
    const between: Store = {
      ...service.bare,
      async writeTombstone(...args) {
        const isWritten = await service.bare.writeTombstone(...args);
        late.resolve();
        await first;
        return isWritten;
      },
    };
    await erase(deps(between), ID);
    await cleaned();
    expect((await service.bare.read(ID)).snapshot).toBeUndefined();
    await trackGroups(deps(), [ID]);
    hold('Wati');
    await service.refresh(ID);
    expect(await service.read(ID)).toMatchObject({
      snapshot: { version: 3 },
      items: [expect.stringContaining('Wati')],
    });
  });

  it('is 404 for a reader who compares two versions meanwhile', async () => {
    for (const status of ['IN_QUEUE', 'IN_PROGRESS']) {
      service.anycheck.groups.set(ID, { overall: status, items: verifications(400, status) });
      await service.refresh(ID);
    }
    let isErased = false;
    const store: Store = {
      ...service.bare,
      async pages(...args) {
        if (!isErased) {
          isErased = true;
          await erase(deps(), ID);
          await service.refresh(ID);
        }
        return service.bare.pages(...args);
      },
    };
    expect(await groupDiff(store, ID, 1, 2)).toBeUndefined();
  });

  it('leaves no hash of what it was', async () => {
    for (const status of ['IN_QUEUE', 'IN_PROGRESS']) {
      service.anycheck.groups.set(ID, { overall: status, items: verifications(600, status) });
      await service.refresh(ID);
    }
    await redact(deps(), ID);
    await cleaned();
    const rows = (await rowsOf(engine.client, service.table)).filter(({ sk }) => String(sk).startsWith('history#'));
    expect(rows.map(({ content, bytes }) => [content, bytes])).toEqual([['', '']]);
  });
});

describe('a group that was forgotten after a redaction', () => {
  it('is fetched, not served as it was, when it is tracked anew; versions and their times go on', async () => {
    service.anycheck.groups.set(ID, { overall: 'DRAFT', items: [] });
    await service.refresh(ID);
    await redact(deps(), ID);
    let { kind } = await service.refresh(ID);
    for (let refreshes = 0; kind !== 'forgotten' && refreshes < 200; refreshes++)
      ({ kind } = await service.refresh(ID));
    expect(kind).toBe('forgotten');
    const { publishedAt } = await service.bare.read(ID);
    expect(publishedAt).toBeGreaterThan(0);
    // A clock that is behind.
    service.clock.now = publishedAt - 60_000;
    await trackGroups(deps(), [ID]);
    hold('Siti');
    await service.refresh(ID);
    const { snapshot, items } = await service.read(ID);
    expect(snapshot.version).toBe(2);
    expect(snapshot.publishedAt).toBe(publishedAt + 1);
    expect(items.join()).not.toContain('Siti');
  });
});
