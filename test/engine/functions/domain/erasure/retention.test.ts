import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeRow } from '../../../../../functions/adapters/dynamodb/change-rows.ts';
import { dueIndex } from '../../../../../functions/adapters/dynamodb/due-index.ts';
import { groupIndex } from '../../../../../functions/adapters/dynamodb/group-index.ts';
import { workerStore } from '../../../../../functions/adapters/dynamodb/worker-store.ts';
import { erase } from '../../../../../functions/domain/erasure/erase.ts';
import { expireSettled } from '../../../../../functions/domain/erasure/expire-settled.ts';
import { groupDiff } from '../../../../../functions/domain/history/group-diff.ts';
import { groupHistory } from '../../../../../functions/domain/history/group-history.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import { answered } from '../../../../fakes/answered.ts';
import { verification, verifications } from '../../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
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

const hold = (items: string[]) => service.anycheck.groups.set(ID, { overall: 'IN_PROGRESS', items });
const history = async (limit: number, before?: number) =>
  (await groupHistory(
    { store: service.bare, history: service.deps.history, now: () => service.clock.now },
    ID,
    before,
    limit,
  )) ?? expect.fail('the group is not tracked');
const shorter = () =>
  workerStore({ client: engine.client, table: service.table, retentionDays: 1, now: () => service.clock.now });

describe('a retention that is made shorter', () => {
  it('leaves times between versions that are kept 410, and lists all that are', async () => {
    const at: number[] = [];
    for (let n = 1; n <= 4; n++) {
      if (n === 3) service.store = shorter();
      hold([verification(`${n}`)]);
      await service.refresh(ID);
      at.push(service.clock.now);
      service.clock.now += HOUR;
    }
    // The first version is kept for ten days, the second and the third were for one.
    service.clock.now += 2 * DAY;
    const in2 = `&as_of=${new Date((at[1] ?? 0) + 1000).toISOString()}`;
    const in1 = `&as_of=${new Date((at[0] ?? 0) + 1000).toISOString()}`;
    const expectKept = async () => {
      await expect(service.read(ID, in2)).rejects.toMatchObject({ status: 410 });
      expect((await service.read(ID, in1)).snapshot.version).toBe(1);
      expect((await history(20)).items.map(({ version }) => version)).toEqual([4, 1]);
      const versions: number[] = [];
      for (let next: number | undefined | null = null; next !== undefined; ) {
        const page = await history(1, next ?? undefined);
        versions.push(...page.items.map(({ version }) => version));
        next = page.next;
      }
      expect(versions).toEqual([4, 1]);
    };
    await expectKept();
    // DynamoDB deletes what is past its expiry some time later.
    for (const { pk, sk, expires } of await rowsOf(engine.client, service.table)) {
      if (typeof expires !== 'number' || expires * 1000 > service.clock.now) continue;
      await engine.client.send(new DeleteCommand({ TableName: service.table, Key: { pk, sk } }));
    }
    await expectKept();
  });

  it('makes an older version 410 whose pages were superseded since', async () => {
    const items = verifications(600, 'IN_PROGRESS');
    hold(items);
    await service.refresh(ID);
    hold([verification('new'), ...items.slice(1)]);
    await service.refresh(ID);
    service.store = shorter();
    service.clock.now += HOUR;
    hold(verifications(600, 'IN_QUEUE'));
    await service.refresh(ID);
    service.clock.now += 9 * DAY;
    await expect(service.read(ID, '&snapshot_version=1&page_offset=300')).rejects.toMatchObject({ status: 410 });
    await expect(answered(groupDiff(service.bare, ID, 1, 3))).rejects.toMatchObject({ status: 410 });
  });
});

describe('the history of a group whose versions each changed 10,000 statuses', () => {
  it('is listed to its end, in answers that fit', { timeout: 120_000 }, async () => {
    hold([verification('a')]);
    await service.refresh(ID);
    const { snapshot = expect.fail('it has no snapshot') } = await service.bare.read(ID);
    const uuid = (n: number) =>
      `00000000-0000-4000-8000-${((n * 2_654_435_761) % 2 ** 40).toString(16).padStart(12, '0')}`;
    for (let version = 2; version <= 9; version++) {
      const transitions = Array.from({ length: 12_000 }, (_, n) => ({
        verificationId: uuid(n * version),
        from: 'IN_QUEUE',
        to: 'IN_PROGRESS',
      }));
      const change = {
        added: 0,
        removed: 0,
        changed: 12_000,
        transitions,
        previousPhase: 'active' as const,
        statusCounts: [],
      };
      const published = { ...snapshot, version, publishedAt: snapshot.publishedAt + version * 1000 };
      const row = changeRow(ID, published, change);
      expect(row.transitions?.length).toBeLessThan(380_000);
      await engine.client.send(new PutCommand({ TableName: service.table, Item: row }));
    }
    const versions: number[] = [];
    for (let next: number | undefined | null = null; next !== undefined; ) {
      const page = await history(100, next ?? undefined);
      expect(JSON.stringify(page.items).length).toBeLessThan(5_000_000);
      versions.push(...page.items.map(({ version }) => version));
      next = page.next;
    }
    expect(versions).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });
});

describe('a time after which settled groups are erased', () => {
  it('also holds for a group that had settled before it was set, and that nothing names any more', async () => {
    service.anycheck.groups.set(ID, { overall: 'COMPLETED', items: [verification('a', 'COMPLETED')] });
    while ((await service.bare.read(ID)).schedule?.due !== undefined) await service.refresh(ID);
    const now = () => service.clock.now;
    const expiry = { groups: groupIndex(engine.client, service.table), store: service.bare, now };
    const index = dueIndex(engine.client, service.table);
    service.clock.now += 10 * DAY;
    await expireSettled(expiry, 400 * DAY);
    expect(await index.due(now(), 10)).toEqual([]);

    await expireSettled(expiry, 30 * DAY);
    const due = await index.due(now(), 10);
    expect(due).toMatchObject([{ resultId: ID }]);
    const queue = { enqueue: async () => {} };
    const erasing = { store: service.bare, queue, now, ledger: { record: async () => {} } };
    const deps = { ...service.deps, groupRetentionMs: 30 * DAY, erase: (resultId: string) => erase(erasing, resultId) };
    const signal = new AbortController().signal;
    const [first = expect.fail('nothing is due')] = due;
    expect(await refreshDue(deps, { ...first, deliveries: 1 }, signal)).toEqual({ kind: 'erased' });
    await expect(service.read(ID)).rejects.toMatchObject({ status: 404 });
    // It is due to be cleaned, apart from those that AnyCheck is asked about.
    expect(await index.due(now(), 10)).toEqual([]);
    expect(await index.withoutCalls(now() + 1, 10)).toMatchObject([{ resultId: ID }]);
    await expireSettled(expiry, 30 * DAY);
    expect(await index.due(now(), 10)).toEqual([]);
  });
});
