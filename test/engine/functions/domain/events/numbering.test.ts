import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erase, redact } from '../../../../../functions/domain/erasure/erase.ts';
import { replay } from '../../../../../functions/domain/erasure/replay.ts';
import type { StoredEvent } from '../../../../../functions/domain/events/event-bus.ts';
import { verification } from '../../../../fakes/anycheck.ts';
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
});

const hold = (status: string, overall = status) =>
  service.anycheck.groups.set(ID, { overall, items: [verification('a', status)] });
const erasing = () => ({
  store: service.bare,
  queue: service.deps.queue,
  ledger: { record: async () => {} },
  now: () => service.clock.now,
});
/** Runs the worker while the group is due within 20 minutes. */
async function settle(): Promise<void> {
  const until = service.clock.now + 20 * 60_000;
  for (;;) {
    const { schedule } = await service.bare.read(ID);
    if (schedule?.due === undefined || schedule.due > until) return;
    await service.refresh(ID);
  }
}
const publish = async (status: string, overall = status) => {
  hold(status, overall);
  const { schedule } = await service.bare.read(ID);
  service.clock.now += HOUR;
  if (schedule?.kind === 'tracked') await service.bare.requestRefresh(ID, service.clock.now);
  else await service.bare.track(ID, service.clock.now);
  await service.refresh(ID);
};
const down = () => {
  service.bus = { send: async () => Promise.reject(new Error('down')) };
};
const up = () => {
  service.bus = {
    async send(events) {
      service.sent.push(...events);
      return events.map(() => true);
    },
  };
};
const named = (sent: readonly StoredEvent[]) =>
  sent.map(({ type, body }) => {
    const { version, previous_version: previous } = JSON.parse(body).data;
    return [type.slice('group.'.length), ...(previous === undefined ? [] : [previous]), version].join(' ');
  });
/** The events that were sent since the last call, with the version before and their own. */
const sent = () => named(service.sent.splice(0));

describe('the events of a group', () => {
  it('go on with the numbering after an erasure', async () => {
    await publish('IN_PROGRESS');
    await publish('COMPLETED');
    expect(sent()).toEqual(['created  1', 'updated 1 2', 'settled 1 2']);
    await erase(erasing(), ID);
    await settle();
    expect(sent()).toEqual(['erased 2']);
    service.clock.now += DAY;
    await publish('COMPLETED');
    expect(sent()).toEqual(['created  3', 'settled  3']);
  });

  it('go on with the numbering where the group comes back within 33 days after it was forgotten', async () => {
    service.anycheck.groups.set(ID, { overall: 'IN_QUEUE', items: [] });
    await service.bare.track(ID, service.clock.now);
    // Its first empty list is published where a reader waits.
    await service.read(ID, '', 'no-cache');
    await settle();
    const first = sent();
    service.clock.now += 2 * DAY;
    await service.bare.requestRefresh(ID, service.clock.now);
    await service.refresh(ID);
    expect((await service.bare.read(ID)).schedule).toBeUndefined();
    expect([first, sent()]).toEqual([['created  1'], []]);

    service.clock.now += 30 * DAY;
    await publish('COMPLETED');
    expect(sent()).toEqual(['created  2', 'settled  2']);
  });

  it('name the version 0 where a group is erased that has none', async () => {
    await erase(erasing(), ID);
    await settle();
    expect(sent()).toEqual(['erased 0']);
    await erase(erasing(), ID);
    await settle();
    expect(sent()).toEqual(['erased 0']);
  });

  it('name a redaction once', async () => {
    await publish('COMPLETED');
    sent();
    for (const events of [['redacted 1'], []]) {
      expect(await redact(erasing(), ID)).toBe(true);
      await settle();
      expect(sent()).toEqual(events);
    }
    service.clock.now += DAY;
    await publish('IN_PROGRESS');
    expect(sent()).toEqual(['updated 1 2', 'reopened 1 2']);
  });

  it('are not sent for erasures and redactions that are replayed', async () => {
    await publish('COMPLETED');
    sent();
    const at = service.clock.now + HOUR;
    const entries = [
      { kind: 'redact', resultId: ID, at },
      { kind: 'erase', resultId: ID, at },
    ] as const;
    service.clock.now = at;
    await replay({ store: service.bare, now: () => service.clock.now }, entries);
    await settle();
    expect(sent()).toEqual([]);
  });
});

describe('while the bus is down', () => {
  it('versions are published and read, and all are sent in order when it is back', async () => {
    down();
    for (const status of ['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']) {
      await publish(status);
      expect((await service.read(ID)).items[0]).toContain(status);
    }
    expect(sent()).toEqual([]);
    up();
    await settle();
    expect(sent()).toEqual(['created  1', 'updated 1 2', 'updated 2 3', 'settled 2 3']);
  });

  it('an erasure cancels what waits, and the last one of two is sent', async () => {
    await publish('IN_PROGRESS');
    sent();
    down();
    await publish('COMPLETED');
    await redact(erasing(), ID);
    await erase(erasing(), ID);
    await service.refresh(ID);
    service.clock.now += DAY;
    await publish('COMPLETED');
    await erase(erasing(), ID);
    up();
    await settle();
    expect(sent()).toEqual(['erased 3']);
    // Records of erasures outlive the cleaning, and no other ones.
    const events = (await rowsOf(engine.client, service.table)).filter(({ sk }) => String(sk).startsWith('event#'));
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['group.erased']));
  });

  it('a settled group is due for its announcement alone, which calls AnyCheck no more', async () => {
    down();
    await publish('COMPLETED');
    const { calls } = service.anycheck;
    for (let i = 0; i < 3; i++) await service.refresh(ID);
    up();
    await service.refresh(ID);
    expect(sent()).toEqual(['created  1', 'settled  1']);
    expect(service.anycheck.calls).toBe(calls);
  });
});
