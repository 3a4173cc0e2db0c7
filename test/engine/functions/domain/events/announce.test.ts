import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeSk, EVENTS, groupKey, scheduleKey } from '../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { workerStore } from '../../../../../functions/adapters/dynamodb/worker-store.ts';
import { erase, redact } from '../../../../../functions/domain/erasure/erase.ts';
import { replay } from '../../../../../functions/domain/erasure/replay.ts';
import { GroupEvent } from '../../../../../functions/domain/events/event.ts';
import type { StoredEvent } from '../../../../../functions/domain/events/event-bus.ts';
import { isBehind } from '../../../../../functions/domain/events/is-behind.ts';
import { trackGroups } from '../../../../../functions/domain/groups/track-groups.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import { requestRefresh } from '../../../../../functions/domain/refresh/request-refresh.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { verification } from '../../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { UNLIMITED } from '../../../../fakes/quota.ts';
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
});

const hold = (status: string, n = 0) =>
  service.anycheck.groups.set(ID, { overall: status, items: [verification('a', status, `,"n":${n}`)] });
const down = {
  async send(): Promise<boolean[]> {
    throw new Error('the bus is down');
  },
};
/** Has the bus accept everything. @returns what it accepts from now on. */
function back(): StoredEvent[] {
  const sent: StoredEvent[] = [];
  service.bus = {
    async send(some) {
      sent.push(...some);
      return some.map(() => true);
    },
  };
  return sent;
}
const group = () => service.bare.read(ID);
const events = (sent: readonly StoredEvent[] = service.sent) =>
  sent.map(({ body }) => GroupEvent.parse(JSON.parse(body)));
const said = () => events().map(({ type, data }) => `${type} ${data.version}`);
const eventRows = async () =>
  (await rowsOf(engine.client, service.table)).filter(({ sk }) => String(sk).startsWith(EVENTS));
const now = () => service.clock.now;
const silent = { ledger: { record: async () => {} }, queue: { enqueue: async () => {} } };
const erasing = () => ({ store: service.bare, ...silent, newGroups: UNLIMITED, now });
/** Runs what is due until nothing is left to announce. */
async function announced(): Promise<void> {
  for (let runs = 0; runs < 5 && isBehind(await group()); runs++) await service.refresh(ID);
}

describe('a version that the worker publishes', () => {
  beforeEach(async () => {
    await service.track(ID);
    hold('IN_PROGRESS');
    await service.refresh(ID);
  });

  it('is announced by the same run, and its due time stays that of the cadence', async () => {
    expect(said()).toEqual(['group.created 1']);
    const { schedule } = await group();
    expect(isBehind(await group())).toBe(false);
    expect(schedule).toMatchObject({ due: now() + 15_000, refreshDue: undefined });
    hold('COMPLETED');
    await service.refresh(ID);
    expect(said().slice(1)).toEqual(['group.updated 2', 'group.settled 2']);
    expect(events()[1]?.data).toMatchObject({
      result_id: ID,
      previous_version: 1,
      previous_phase: 'active',
      phase: 'settled',
      status_counts: { COMPLETED: 1 },
      transitions: [{ verification_id: 'a', from: 'IN_PROGRESS', to: 'COMPLETED' }],
      changed: 1,
    });
    expect((await group()).schedule).toMatchObject({ due: now() + HOUR, refreshDue: undefined });
  });

  it('is stored as it was sent, and a refresh without news sends nothing', async () => {
    const [row] = await eventRows();
    expect(row).toMatchObject({
      body: service.sent[0]?.body,
      version: 1,
      expires: Math.floor(now() / 1000) + 33 * 86_400,
    });
    await service.refresh(ID);
    expect(service.sent.length).toBe(1);
    expect((await eventRows()).length).toBe(1);
  });

  it('reopens a settled group, and a revision announces nothing', async () => {
    hold('COMPLETED');
    await service.refresh(ID);
    hold('IN_PROGRESS');
    await service.refresh(ID);
    expect(said().slice(3)).toEqual(['group.updated 3', 'group.reopened 3']);
    const linked = (query: string) =>
      service.anycheck.groups.set(ID, {
        overall: 'IN_PROGRESS',
        items: [verification('a', 'IN_PROGRESS', `,"x_file_url":"https://x/y?${query}"`)],
      });
    linked('1');
    await service.refresh(ID);
    const before = service.sent.length;
    linked('2');
    service.clock.now += 2 * HOUR;
    expect(await service.refresh(ID)).toMatchObject({ kind: 'revised' });
    expect(service.sent.length).toBe(before);
  });
});

describe('a version that a reader publishes', () => {
  it('queues the group at once, and the worker announces it without a call to AnyCheck', async () => {
    hold('COMPLETED');
    const queue = {
      enqueue: async (groups: readonly { resultId: string; due: number }[]) => void service.queued.push(...groups),
    };
    await service.read(ID, '', '', queue);
    expect(service.sent).toEqual([]);
    const { schedule } = await group();
    const [message] = service.queued;
    expect(service.queued).toEqual([{ resultId: ID, due: schedule?.due }]);
    expect(schedule?.due).toBeLessThanOrEqual(now() + 1);
    const { calls } = service.anycheck;
    const signal = new AbortController().signal;
    service.clock.now += 1;
    expect(await refreshDue(service.deps, { ...expectDefined(message), deliveries: 1 }, signal)).toEqual({
      kind: 'announced',
    });
    expect(said()).toEqual(['group.created 1', 'group.settled 1']);
    expect(service.anycheck.calls).toBe(calls);
    const after = (await group()).schedule;
    expect(after).toMatchObject({ refreshDue: undefined });
    expect(after?.due).toBeGreaterThan(now() + HOUR / 2);
  });

  it('queues it also where the clock ticks meanwhile', async () => {
    hold('COMPLETED');
    let tick = now();
    Object.defineProperty(service.clock, 'now', { get: () => tick++ });
    const queue = {
      enqueue: async (groups: readonly { resultId: string; due: number }[]) => void service.queued.push(...groups),
    };
    await service.read(ID, '', '', queue);
    expect(service.queued.length).toBe(1);
  });

  it('is announced and refreshed by one run where a webhook came meanwhile', async () => {
    hold('IN_PROGRESS');
    await service.read(ID);
    service.clock.now += 2_000;
    hold('COMPLETED');
    await requestRefresh({ store: service.bare, ...silent, now }, ID);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 2 });
    expect(said()).toEqual(['group.created 1', 'group.updated 2', 'group.settled 2']);
  });
});

describe('while the bus is down', () => {
  beforeEach(async () => {
    service.bus = down;
    await service.track(ID);
    hold('IN_PROGRESS', 1);
    await service.refresh(ID);
  });

  it('versions are published and read as ever, and all are announced once it is back, oldest first', async () => {
    hold('IN_PROGRESS', 2);
    expect(await service.refresh(ID)).toMatchObject({ kind: expect.stringMatching('published|announced') });
    const { snapshot } = await service.read(ID, '', 'no-cache');
    expect(snapshot.version).toBe(2);
    hold('COMPLETED', 3);
    service.clock.now += 1_000;
    expect((await service.read(ID, '', 'no-cache')).snapshot.version).toBe(3);
    expect(service.sent).toEqual([]);
    const sent = back();
    await announced();
    expect(events(sent).map(({ type, data }) => `${type} ${data.version}`)).toEqual([
      'group.created 1',
      'group.updated 2',
      'group.updated 3',
      'group.settled 3',
    ]);
  });

  it('a settled group stays due, later with every attempt, without a call to AnyCheck', async () => {
    hold('COMPLETED', 2);
    for (let runs = 0; (await group()).snapshot?.version !== 2; runs++) {
      expect(runs).toBeLessThan(5);
      await service.refresh(ID);
    }
    const { calls } = service.anycheck;
    const delays: number[] = [];
    for (let attempts = 0; attempts < 8; attempts++) {
      const { due = Number.NaN, refreshDue } = (await group()).schedule ?? {};
      expect(due).toBeLessThan(refreshDue ?? Number.NaN);
      delays.push(due - now());
      expect(await service.refresh(ID)).toEqual({ kind: 'announced' });
    }
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(delays.at(-1)).toBeGreaterThan(60_000);
    expect(service.anycheck.calls).toBe(calls);
    const refreshDue = (await group()).schedule?.refreshDue ?? Number.NaN;
    back();
    await service.refresh(ID);
    expect((await group()).schedule).toMatchObject({ due: refreshDue, refreshDue: undefined });
    expect(isBehind(await group())).toBe(false);
  });

  it('a group is refreshed when that is due, not when the next attempt to announce it is', async () => {
    hold('COMPLETED', 2);
    while ((await group()).snapshot?.version !== 2) await service.refresh(ID);
    const { refreshDue } = (await group()).schedule ?? {};
    let result = await service.refresh(ID);
    while (result.kind === 'announced') result = await service.refresh(ID);
    expect(result).toMatchObject({ kind: 'unchanged' });
    expect(now()).toBe(refreshDue);
  });

  it('a reader of a failing group does not have it refreshed before its backoff ends', async () => {
    service.anycheck.before = () => {
      throw new UpstreamError('THROTTLED', 'AnyCheck answered 429', { retryAfter: 3_600 });
    };
    await requestRefresh({ store: service.bare, ...silent, now }, ID);
    while ((await service.refresh(ID)).kind !== 'failed');
    const { due = Number.NaN, refreshDue } = (await group()).schedule ?? {};
    expect(due).toBeLessThan(refreshDue ?? Number.NaN);
    service.clock.now = due + 1;
    await service.read(ID);
    expect((await group()).schedule).toMatchObject({ due, refreshDue });
    // Nor does the queue, whose longest delay is 15 minutes.
    back();
    expect(await service.refresh(ID)).toEqual({ kind: 'announced' });
    expect((await group()).schedule).toMatchObject({ due: refreshDue, refreshDue: undefined });
    expect(service.delayed).toEqual([]);
  });

  it('an entry that is refused is sent again with those after it, and nothing has two ids', async () => {
    hold('COMPLETED', 2);
    await service.refresh(ID);
    await service.refresh(ID);
    const sent: StoredEvent[] = [];
    let refusals = 3;
    service.bus = {
      async send(some) {
        sent.push(...some);
        return some.map((_, i) => i !== 1 || refusals-- <= 0);
      },
    };
    for (let runs = 0; runs < 8 && isBehind(await group()); runs++) await service.refresh(ID);
    expect(isBehind(await group())).toBe(false);
    const ids = new Map(sent.map((one) => [`${one.type} ${JSON.parse(one.body).data.version}`, one]));
    expect([...ids.keys()].sort()).toEqual(['group.created 1', 'group.settled 2', 'group.updated 2']);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(3);
  });

  it('longer than the retention, what the announcement needs stays', async () => {
    const brief = workerStore({ client: engine.client, table: service.table, retentionDays: 1, now });
    service.store = brief;
    for (let n = 2; n <= 4; n++) {
      service.clock.now += DAY;
      hold('IN_PROGRESS', n);
      await service.read(ID, '', 'no-cache');
    }
    service.clock.now += 5 * DAY;
    const expired = (await rowsOf(engine.client, service.table)).filter(
      ({ expires }) => typeof expires === 'number' && expires <= now() / 1000,
    );
    for (const { pk, sk } of expired) {
      await engine.client.send(new DeleteCommand({ TableName: service.table, Key: { pk, sk } }));
    }
    expect(expired.length).toBeGreaterThan(0);
    const sent = back();
    await announced();
    expect(events(sent).map(({ data }) => data.version)).toEqual([1, 2, 3, 4]);
  });

  it('a change record that is missing is made again', async () => {
    const { publishedAt } = await group();
    const Key = { pk: groupKey(ID), sk: changeSk(publishedAt) };
    await engine.client.send(new DeleteCommand({ TableName: service.table, Key }));
    back();
    await announced();
    expect(isBehind(await group())).toBe(false);
    expect((await eventRows()).map(({ version }) => version)).toEqual([1]);
  });

  it('an erased group that is tracked anew at once announces nothing from before its erasure', async () => {
    hold('IN_PROGRESS', 2);
    while ((await group()).snapshot?.version !== 2) await service.refresh(ID);
    await erase(erasing(), ID);
    await trackGroups(erasing(), [ID]);
    hold('IN_PROGRESS', 3);
    const sent = back();
    await service.refresh(ID);
    expect(events(sent).map(({ type, data }) => `${type} ${data.version}`)).toEqual([
      'group.erased 2',
      'group.created 3',
    ]);
  });

  it('an erased group announces its erasure alone, before its cleaning ends, and keeps the record of that event', async () => {
    hold('IN_PROGRESS', 2);
    await service.refresh(ID);
    await erase(erasing(), ID);
    for (let runs = 0; runs < 6; runs++) await service.refresh(ID);
    expect((await group()).schedule).toMatchObject({ isErasureUnannounced: true, due: expect.any(Number) });
    const sent = back();
    for (let runs = 0; (await group()).schedule?.due !== undefined; runs++) {
      expect(runs).toBeLessThan(6);
      await service.refresh(ID);
    }
    expect(events(sent)).toEqual([
      expect.objectContaining({ type: 'group.erased', data: { result_id: ID, version: 2 } }),
    ]);
    expect((await eventRows()).map(({ type }) => type)).toEqual(['group.erased']);
  });
});

describe('an erasure', () => {
  beforeEach(async () => {
    await service.track(ID);
    hold('IN_PROGRESS', 1);
    await service.refresh(ID);
    hold('IN_PROGRESS', 2);
    await service.refresh(ID);
  });

  it('is announced once, and each one by an id of its own', async () => {
    await erase(erasing(), ID);
    while ((await group()).schedule?.due !== undefined) await service.refresh(ID);
    await erase(erasing(), ID);
    while ((await group()).schedule?.due !== undefined) await service.refresh(ID);
    expect(said().slice(2)).toEqual(['group.erased 2', 'group.erased 2']);
    expect(new Set(service.sent.map(({ id }) => id)).size).toBe(4);
  });

  it('of a group that is tracked anew is announced before its next version, which is its first', async () => {
    service.bus = down;
    await erase(erasing(), ID);
    await trackGroups(erasing(), [ID]);
    hold('IN_PROGRESS', 3);
    await service.refresh(ID);
    const sent = back();
    await announced();
    expect(events(sent).map(({ type, data }) => `${type} ${data.version}`)).toEqual([
      'group.erased 2',
      'group.created 3',
    ]);
    expect(events(sent)[1]?.data).toMatchObject({ previous_version: null, previous_phase: null });
  });

  it('that is replayed is not announced', async () => {
    await replay({ store: service.bare, now }, [
      { kind: 'redact', resultId: ID, at: now() },
      { kind: 'erase', resultId: ID, at: now() + 1 },
    ]);
    for (let runs = 0; runs < 6 && (await group()).schedule?.due !== undefined; runs++) await service.refresh(ID);
    expect(said().slice(2)).toEqual([]);
  });
});

describe('a redaction', () => {
  it('is announced once, with the version that was current, also where the bus was down', async () => {
    await service.track(ID);
    hold('IN_PROGRESS', 1);
    await service.refresh(ID);
    const { bus } = service;
    service.bus = down;
    await redact(erasing(), ID);
    await service.refresh(ID);
    await redact(erasing(), ID);
    service.bus = bus;
    await service.refresh(ID);
    await redact(erasing(), ID);
    await service.refresh(ID);
    expect(said()).toEqual(['group.created 1', 'group.redacted 1']);
  });
});

describe('a group that is forgotten', () => {
  it('is announced first, and goes on with its numbering when it comes back', async () => {
    service.bus = down;
    await service.track(ID);
    service.anycheck.groups.set(ID, { overall: 'DRAFT', items: [] });
    await service.refresh(ID);
    service.clock.now += 25 * HOUR;
    expect(await service.refresh(ID)).not.toMatchObject({ kind: 'forgotten' });
    const sent = back();
    for (let runs = 0; (await group()).schedule; runs++) {
      expect(runs).toBeLessThan(5);
      service.clock.now += HOUR;
      await service.refresh(ID);
    }
    await service.track(ID);
    hold('IN_PROGRESS');
    await service.refresh(ID);
    expect(events(sent).map(({ type, data }) => `${type} ${data.version}`)).toEqual([
      'group.created 1',
      'group.created 2',
    ]);
  });
});

describe('a group from before versions were announced', () => {
  it('announces nothing of what it has, and each version from then on', async () => {
    await service.track(ID);
    for (let n = 1; n <= 3; n++) {
      hold('IN_PROGRESS', n);
      await service.refresh(ID);
    }
    service.sent.length = 0;
    await engine.client.send(
      new UpdateCommand({
        TableName: service.table,
        Key: scheduleKey(ID),
        UpdateExpression: 'REMOVE announced_until',
      }),
    );
    await service.refresh(ID);
    expect(said()).toEqual([]);
    hold('IN_PROGRESS', 4);
    await service.refresh(ID);
    expect(said()).toEqual(['group.updated 4']);
  });
});

describe('what earlier code leaves after a rollback', () => {
  const set = (expression: string, values: Readonly<Record<string, unknown>>) =>
    engine.client.send(
      new UpdateCommand({
        TableName: service.table,
        Key: scheduleKey(ID),
        UpdateExpression: expression,
        ExpressionAttributeValues: values,
      }),
    );

  it('a due time of its own is one for a refresh', async () => {
    await service.track(ID);
    hold('IN_PROGRESS');
    await service.refresh(ID);
    await set('SET refresh_due = :none', { ':none': null });
    hold('COMPLETED');
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 2 });
  });

  it('versions of which nothing is left are passed over', async () => {
    await service.track(ID);
    hold('IN_PROGRESS');
    await service.refresh(ID);
    await erase(erasing(), ID);
    while ((await group()).schedule?.due !== undefined) await service.refresh(ID);
    await set('SET announced_until = :before', { ':before': 0 });
    await trackGroups(erasing(), [ID]);
    expect(isBehind(await group())).toBe(true);
    await service.refresh(ID);
    expect(isBehind(await group())).toBe(false);
    expect(said()).toEqual(['group.created 1', 'group.erased 1', 'group.created 2']);
  });
});

const expectDefined = <T>(value: T | undefined): T => value ?? expect.fail('it is missing');
