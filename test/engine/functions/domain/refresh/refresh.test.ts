import { randomBytes } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { historySk, pageSks } from '../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { unpack } from '../../../../../functions/domain/group/pages.ts';
import { trackGroups } from '../../../../../functions/domain/groups/track-groups.ts';
import { refresh } from '../../../../../functions/domain/refresh/refresh.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import { trackedIn } from '../../../../../functions/domain/store/retained-version.ts';
import { UpstreamError, type UpstreamReason } from '../../../../../functions/domain/upstream/errors.ts';
import { verification, verifications } from '../../../../fakes/anycheck.ts';
import { type Engine, kindOfRow, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { UNLIMITED } from '../../../../fakes/quota.ts';
import { dyingStore, type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const HOUR = 3_600_000;

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

const hold = (items: string[], overall = 'COMPLETED') => service.anycheck.groups.set(ID, { overall, items });
const stored = () => service.bare.read(ID);

describe('a refresh', () => {
  it('publishes a group as version 1, and the next version only when its content changed', async () => {
    hold([verification('a', 'IN_QUEUE')], 'IN_QUEUE');
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 1, phase: 'active' });
    expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged', version: 1 });
    hold([verification('a')]);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 2, phase: 'settled' });
    expect(await service.served(ID)).toEqual([verification('a')]);
    expect((await service.bare.archived(ID, 1))?.phase).toBe('active');
  });

  it('computes the next refresh from our own publish', async () => {
    hold([verification('a', 'IN_QUEUE')], 'IN_QUEUE');
    await service.refresh(ID);
    const publishedAt = service.clock.now;
    expect((await stored()).schedule?.due).toBe(publishedAt + 15_000);
    service.clock.now = publishedAt + HOUR;
    await service.refresh(ID);
    expect((await stored()).schedule?.due).toBe(publishedAt + HOUR + HOUR / 5);
  });

  it('stops refreshing a settled group after four more refreshes, and resumes on request', async () => {
    hold([verification('a')]);
    await service.refresh(ID);
    for (let i = 0; i < 4; i++) expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged' });
    expect((await stored()).schedule?.due).toBeUndefined();
    service.clock.now++;
    expect(await service.bare.expedite(ID, service.clock.now)).toBe(true);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged' });
  });

  it('drops a message whose due time is not the group’s any more', async () => {
    hold([verification('a')]);
    const due = (await stored()).schedule?.due ?? 0;
    await service.refresh(ID);
    const calls = service.anycheck.calls;
    const signal = new AbortController().signal;
    expect(await refreshDue(service.deps, { resultId: ID, due, deliveries: 1 }, signal)).toEqual({ kind: 'dropped' });
    expect(service.anycheck.calls).toBe(calls);
  });

  it('that finds nothing new makes one write', async () => {
    hold(verifications(1000));
    await service.refresh(ID);
    const counting = dyingStore(service.bare, 2, 'before');
    service.store = counting.store;
    const calls = service.anycheck.calls;
    expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged' });
    expect(counting.died()).toBeUndefined();
    expect(service.anycheck.calls - calls).toBe(10);
  });

  it('keeps a failure apart from what is served, and backs off', async () => {
    hold([verification('a')]);
    await service.refresh(ID);
    service.anycheck.before = () => {
      throw new UpstreamError('THROTTLED', 'AnyCheck answered 429', { retryAfter: 100 });
    };
    expect(await service.refresh(ID)).toMatchObject({ kind: 'failed', failures: 1 });
    const { schedule, snapshot } = await stored();
    expect(schedule).toMatchObject({ failures: 1, lastError: 'THROTTLED', due: service.clock.now + 100_000 });
    expect(snapshot?.version).toBe(1);
    service.anycheck.before = () => {};
    await service.refresh(ID);
    expect((await stored()).schedule?.failures).toBe(0);
  });

  it('stores since when refreshes have failed by themselves, until one succeeds or AnyCheck fails as a whole', async () => {
    hold([verification('a')]);
    await service.refresh(ID);
    const fail = (reason: UpstreamReason, fleetWide = false) => {
      service.anycheck.before = () => {
        throw new UpstreamError(reason, 'of our own words', { fleetWide });
      };
      return service.refresh(ID);
    };
    const since = async () => trackedIn(await stored())?.failingSince;
    const first = await fail('MALFORMED');
    const began = await since();
    expect(began).toBe(service.clock.now);
    expect(first).toMatchObject({ kind: 'failed', failingSince: began });
    service.clock.now += 60_000;
    expect(await fail('TIMED_OUT')).toMatchObject({ failures: 2, failingSince: began });
    expect(await fail('UNAVAILABLE', true)).toMatchObject({ failures: 3, failingSince: undefined });
    expect(await since()).toBeUndefined();
    service.clock.now += 60_000;
    expect(await fail('TIMED_OUT')).toMatchObject({ failures: 4, failingSince: service.clock.now });
    expect(await fail('NOT_FOUND')).toMatchObject({ failures: 5, failingSince: undefined });
    await fail('MALFORMED');
    service.anycheck.before = () => {};
    await service.refresh(ID);
    expect(await since()).toBeUndefined();
  });

  it('keeps what is served when AnyCheck says 404 for a group that was there', async () => {
    hold([verification('a')]);
    await service.refresh(ID);
    service.anycheck.groups.clear();
    expect(await service.refresh(ID)).toMatchObject({ kind: 'failed' });
    expect(await service.served(ID)).toEqual([verification('a')]);
  });

  it('is forgotten at once where it was only read, and AnyCheck doesn’t know it', async () => {
    expect(await service.refresh(ID)).toEqual({ kind: 'not_found' });
    expect(await rowsOf(engine.client, service.table)).toEqual([]);
  });

  it('that is tracked is refreshed all day where AnyCheck doesn’t know it yet, then forgotten', async () => {
    const track = (resultId: string) =>
      trackGroups(
        { store: service.bare, queue: { enqueue: async () => {} }, newGroups: UNLIMITED, now: () => service.clock.now },
        [resultId],
      );
    await service.bare.drop(ID, { due: (await stored()).schedule?.due ?? 0, revision: 0, begun: 0 });
    await track(ID);
    const { firstSeen = 0 } = (await stored()).schedule ?? {};
    expect(await service.refresh(ID)).toMatchObject({ kind: 'failed', error: { reason: 'NOT_FOUND' }, failures: 1 });
    await expect(service.read(ID)).rejects.toMatchObject({ status: 404 });
    hold([verification('a')]);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 1 });
    service.anycheck.groups.clear();
    const other = ID.replace('3', '4');
    await track(other);
    let result = await service.refresh(other);
    while (result.kind === 'failed') result = await service.refresh(other);
    expect(result).toEqual({ kind: 'not_found' });
    expect(service.clock.now - firstSeen).toBeGreaterThan(24 * HOUR);
    expect((await service.bare.read(other)).schedule).toBeUndefined();
  });

  it('is not taken for forgotten where items come at that very moment', async () => {
    hold([]);
    await service.refresh(ID);
    service.clock.now += 26 * HOUR;
    const { clean } = service.bare;
    service.store = {
      ...service.bare,
      async clean(...args) {
        hold(verifications(400));
        expect(await service.read(ID, '', 'no-cache')).toMatchObject({ snapshot: { version: 2 } });
        return clean(...args);
      },
    };
    expect(await service.refresh(ID)).toEqual({ kind: 'superseded' });
    service.store = service.bare;
    expect((await service.read(ID)).items).toHaveLength(100);
  });

  it('takes an answer that is nested too deeply for malformed', async () => {
    hold([verification('a')]);
    await service.refresh(ID);
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    hold([verification('a', 'COMPLETED', `,"output":${deep}`)]);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'failed', error: { reason: 'MALFORMED' } });
    expect(await service.served(ID)).toEqual([verification('a')]);
  });

  it('publishes an empty group that could not be fetched for a day, before it forgets it', async () => {
    hold([], 'DRAFT');
    service.clock.now += 25 * HOUR;
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 1 });
    expect(await service.refresh(ID)).toEqual({ kind: 'forgotten' });
  });

  it('forgets a group that had no item for a day, and settles one that lost its last', async () => {
    hold([], 'DRAFT');
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', phase: 'active' });
    service.clock.now += 2 * HOUR;
    expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged', phase: 'waiting' });
    service.clock.now += 24 * HOUR;
    expect(await service.refresh(ID)).toEqual({ kind: 'forgotten' });
    const rows = await rowsOf(engine.client, service.table);
    expect(rows.map(kindOfRow)).toEqual(['head#current']);

    await service.track(ID);
    hold([verification('a', 'IN_QUEUE')]);
    await service.refresh(ID);
    hold([]);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 3, phase: 'settled' });
  });

  it('serves and counts an unknown status', async () => {
    hold([verification('a', 'ON_THE_MOON')]);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', phase: 'active', unknownStatuses: 1 });
  });

  it('stores renewed links hourly at most, as a revision of the same version', async () => {
    let signature = 0;
    service.anycheck.before = () =>
      void hold([verification('a', 'NEED_REVIEW', `,"output_file_url":"https://f.example/o?s=${++signature}"`)]);
    await service.refresh(ID);
    const first = (await stored()).snapshot;
    expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged' });
    expect((await stored()).snapshot).toEqual(first);
    service.clock.now += HOUR;
    expect(await service.refresh(ID)).toMatchObject({ kind: 'revised', version: 1 });
    const revised = (await stored()).snapshot;
    expect(revised).toMatchObject({ version: 1, publishedAt: first?.publishedAt });
    expect(revised?.bytes).not.toBe(first?.bytes);
    expect((await service.served(ID))?.[0]).toContain(`?s=${signature}`);
  });
});

describe('renewed links of a large group', () => {
  const signed = (signature: number, changed = '') =>
    Array.from({ length: 200 }, (_, i) =>
      verification(
        `i${i}`,
        'NEED_REVIEW',
        `,"output_file_url":"https://f.example/${i}?s=${signature}","x":"${i === 7 ? changed : i}${'-'.repeat(2000)}"`,
      ),
    );

  it('are stored with a forced fetch, also where a version in between kept older ones', async () => {
    const random = () => String(Math.random());
    const filler = Array.from({ length: 200 }, random);
    const items = (signature: number, changed: string) =>
      signed(signature, changed).map((text, i) => text.replace('--', filler[i] ?? ''));
    hold(items(1, 'a'));
    await service.refresh(ID);
    hold(items(2, 'b'));
    await service.refresh(ID);
    const mixed = (await service.served(ID)) ?? [];
    expect(mixed.some((text) => text.includes('?s=1')) && mixed.some((text) => text.includes('?s=2'))).toBe(true);
    const found = await stored();
    const due = found.schedule?.due ?? 0;
    service.clock.now = due;
    const schedule = { ...(trackedIn(found) ?? expect.fail('no schedule')), due };
    const options = { signal: new AbortController().signal, forced: true, announceAfterMs: 0 };
    expect(await refresh(service.deps, ID, { ...found, schedule }, options)).toMatchObject({
      kind: 'revised',
      version: 2,
    });
    expect(await service.served(ID)).toEqual(items(2, 'b'));
    await expectNoOrphans();
  });
});

describe('links that are renewed in their rows', () => {
  const filler = Array.from({ length: 200 }, () => randomBytes(100).toString('hex'));
  const items = (signature: number, changed = -1) =>
    filler.map((text, i) =>
      verification(
        `i${i}`,
        i === changed ? 'COMPLETED' : 'NEED_REVIEW',
        `,"output_file_url":"https://f.example/${i}?s=${signature}","x":"${text}"`,
      ),
    );
  const pageKeys = async () =>
    (await rowsOf(engine.client, service.table)).map(({ sk }) => String(sk)).filter((sk) => sk.startsWith('page#'));

  it('take no other row, also where one item changes and its version before is read', async () => {
    hold(items(1));
    await service.refresh(ID);
    const keys = await pageKeys();
    expect(keys.length).toBeGreaterThan(5);
    service.clock.now += HOUR;
    hold(items(2));
    expect(await service.refresh(ID)).toMatchObject({ kind: 'revised' });
    expect(await service.served(ID)).toEqual(items(2));
    expect(await pageKeys()).toEqual(keys);

    service.clock.now += HOUR;
    hold(items(3, 7));
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published', version: 2 });
    expect(await service.served(ID)).toEqual(items(3, 7));
    expect(await pageKeys()).toHaveLength(keys.length + 1);
    const archived = await service.bare.archived(ID, 1);
    const before = (await service.bare.pages(ID, archived?.pages ?? [])).flatMap(unpack);
    const unsigned = (texts: readonly string[]) => texts.map((text) => text.replace(/\?s=\d/, ''));
    expect(unsigned(before)).toEqual(unsigned(items(3)));
    await expectNoOrphans();
  });

  it.each(['before', 'after'] as const)('show whole pages whenever the run died, %s each write', async (when) => {
    for (let nth = 1; ; nth++) {
      service = await startService(engine);
      hold(items(1));
      await service.track(ID);
      await service.refresh(ID);
      service.clock.now += HOUR;
      hold(items(2));
      const dying = dyingStore(service.bare, nth, when);
      service.store = dying.store;
      await service.refresh(ID).catch(() => {});
      service.store = service.bare;
      const served = (await service.served(ID)) ?? [];
      for (const [i, text] of served.entries()) expect([items(1)[i], items(2)[i]]).toContain(text);
      if (!dying.died()) break;
      hold(items(3));
      service.clock.now += HOUR;
      expect(await service.refresh(ID)).toMatchObject({ version: 1 });
      expect(await service.served(ID)).toEqual(items(3));
      expect((await stored()).schedule).toMatchObject({ publishIntent: undefined, failures: 0 });
      await expectNoOrphans();
    }
  });

  it('are stored in new rows where their rows are lost, and are renewed again after a publish that was fenced', async () => {
    hold(items(1));
    await service.refresh(ID);
    const [lost] = (await stored()).snapshot?.pages ?? [];
    const [sk] = lost ? pageSks(lost) : [];
    await engine.client.send(new DeleteCommand({ TableName: service.table, Key: { pk: `group#${ID}`, sk } }));
    service.clock.now += HOUR;
    hold(items(2));
    expect(await service.refresh(ID)).toMatchObject({ kind: 'revised' });
    expect(await service.served(ID)).toEqual(items(2));

    // A publish renews the links of its pages and dies. AnyCheck then lists the links that are stored as served.
    service.clock.now += HOUR;
    hold(items(3));
    const dying = dyingStore(service.bare, 2, 'after');
    service.store = dying.store;
    await service.refresh(ID).catch(() => {});
    expect(dying.died()).toBe('after renewPages');
    service.store = service.bare;
    hold(items(2));
    await service.refresh(ID);
    await service.refresh(ID);
    expect(await service.served(ID)).toEqual(items(2));
    await expectNoOrphans();
  });
});

describe('a group of several pages', () => {
  it('is fetched twice before it is published, once when nothing changed', async () => {
    hold(verifications(250));
    await service.refresh(ID);
    expect(service.anycheck.calls).toBe(6);
    await service.refresh(ID);
    expect(service.anycheck.calls).toBe(9);
    expect(await service.served(ID)).toEqual(verifications(250));
  });

  it.each([
    ['is inserted at the front', (items: string[]) => [verification('new'), ...items]],
    ['is removed', (items: string[]) => items.slice(1)],
    [
      'is removed and another added, so that total stays',
      (items: string[]) => [...items.slice(1), verification('new')],
    ],
  ])('that changes during a fetch (an item %s) is fetched again, never torn', async (_, change) => {
    hold(verifications(250));
    let changed = false;
    service.anycheck.before = (_id, offset) => {
      if (offset === 100 && !changed) {
        changed = true;
        hold(change(verifications(250)));
      }
    };
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published' });
    expect(await service.served(ID)).toEqual(change(verifications(250)));
  });

  it('that never holds still changes nothing', async () => {
    hold(verifications(250));
    await service.refresh(ID);
    let n = 0;
    service.anycheck.before = () => void hold([...verifications(250), verification('last', `S${n++}`)]);
    expect(await service.refresh(ID)).toMatchObject({ kind: 'failed', error: { reason: 'INCONSISTENT' } });
    expect(await service.served(ID)).toEqual(verifications(250));
  });

  it.each([
    ['changed', (items: string[]) => items.with(5000, verification('item-5000', 'FAILED'))],
    ['inserted at the front', (items: string[]) => [verification('new'), ...items]],
    ['inserted in the middle', (items: string[]) => items.toSpliced(5000, 0, verification('new'))],
    ['appended', (items: string[]) => [...items, verification('new')]],
  ])('with one item of 10,000 %s writes at most 3 pages, and expires as many', async (_, change) => {
    hold(verifications(10_000));
    await service.refresh(ID);
    const before = (await stored()).snapshot?.pages ?? [];
    hold(change(verifications(10_000)));
    await service.refresh(ID);
    const after = (await stored()).snapshot?.pages ?? [];
    const added = after.filter((page) => page.introduced === 2);
    expect(added.length).toBeLessThanOrEqual(3);
    expect(before.length + added.length - after.length).toBeLessThanOrEqual(3);
    expect(await service.served(ID)).toEqual(change(verifications(10_000)));
  });

  it('gives a page that comes back rows of its own', async () => {
    const one = verifications(500);
    const other = one.with(250, verification('item-250', 'FAILED'));
    for (const items of [one, other, one]) {
      hold(items);
      await service.refresh(ID);
    }
    const expired = (await rowsOf(engine.client, service.table)).filter((row) => row.expires !== undefined);
    const names = new Set(expired.map((row) => row.sk));
    const { snapshot } = await stored();
    expect(snapshot?.version).toBe(3);
    expect(snapshot?.pages.flatMap(pageSks).some((sk) => names.has(sk))).toBe(false);
  });
});

describe('a publish', () => {
  it('by one of two that fetched at the same time goes through, the other is thrown away', async () => {
    hold([verification('a', 'IN_QUEUE')], 'IN_QUEUE');
    await service.refresh(ID);
    hold([verification('a')]);
    const results = await Promise.all([service.refresh(ID), service.refresh(ID)]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['published', 'superseded']);
    expect((await stored()).snapshot?.version).toBe(2);
  });

  it('fetched before the group was tracked again leaves the newer due time alone', async () => {
    hold([verification('a', 'IN_QUEUE')], 'IN_QUEUE');
    service.anycheck.before = async () => {
      service.anycheck.before = () => {};
      const { schedule } = await stored();
      await service.bare.claim(ID, schedule, service.clock.now + 1000, service.clock.now + 5000);
    };
    expect(await service.refresh(ID)).toEqual({ kind: 'superseded' });
    expect((await stored()).schedule?.due).toBe(service.clock.now + 5000);
  });

  describe.each([
    ['a first publish', 0],
    ['a publish that changes pages', 1],
  ])('(%s)', (_, dyingStep) => {
    it.each(['before', 'after'] as const)(
      'that dies %s any of its writes is finished by the next refresh',
      async (when) => {
        const contents = [verifications(300), verifications(300, 'FAILED').slice(1), verifications(300)];
        const deaths: string[] = [];
        for (let nth = 1, died: string | undefined = 'not yet'; died; nth++) {
          service = await startService(engine);
          await service.track(ID);
          for (const [step, items] of contents.entries()) {
            hold(items);
            if (step === dyingStep) {
              const dying = dyingStore(service.bare, nth, when);
              service.store = dying.store;
              await service.refresh(ID).catch(() => {});
              service.store = service.bare;
              died = dying.died();
              deaths.push(...(died ? [died] : []));
              await expectSound(step + 1);
            }
            await service.refresh(ID);
            expect(await service.served(ID)).toEqual(items);
            const { schedule, snapshot } = await stored();
            expect(schedule).toMatchObject({ publishIntent: undefined, failures: 0 });
            expect(snapshot?.version).toBe(step + 1);
          }
          await expectNoOrphans();
        }
        const [archive, close] = dyingStep === 0 ? [[], []] : [['archive'], ['closeChange']];
        const steps = [
          'recordPublishIntent',
          'putPages',
          ...archive,
          'advance',
          'expirePages',
          ...close,
          'putChange',
          'finish',
          'storeEvents',
          'announced',
        ];
        expect(deaths).toEqual(steps.map((name) => `${when} ${name}`));
      },
    );
  });
});

/** Whatever happened: what is served is whole, and the group is due. */
async function expectSound(version: number): Promise<void> {
  const { schedule, snapshot } = await stored();
  expect(schedule?.due).toBeDefined();
  expect(snapshot?.version ?? 0).toBeLessThanOrEqual(version);
  const items = await service.served(ID);
  if (snapshot) expect(items).toHaveLength(Number(snapshot.totalText));
}

/** Every page row is named by the current row, or expires: a week after the last history row that names it, else within a day. */
async function expectNoOrphans(): Promise<void> {
  const { snapshot } = await stored();
  const current = new Set(snapshot?.pages.flatMap(pageSks));
  const rows = await rowsOf(engine.client, service.table);
  const goes = new Map(rows.map((row) => [String(row.sk), Number(row.expires ?? Number.NaN)]));
  const history = new Map<string, number>();
  for (let version = 1; version < (snapshot?.version ?? 0); version++) {
    const archived = await service.bare.archived(ID, version);
    expect(await service.bare.pages(ID, archived?.pages ?? [])).toHaveLength(archived?.pages.length ?? 0);
    for (const sk of archived?.pages.flatMap(pageSks) ?? [])
      history.set(sk, goes.get(historySk(version)) ?? Number.NaN);
  }
  for (const [sk, expires] of goes) {
    if (!sk.startsWith('page#')) continue;
    const named = history.get(sk);
    if (current.has(sk)) expect(expires).toBeNaN();
    else if (named !== undefined) expect(expires).toBeGreaterThanOrEqual(named + 7 * 86_400);
    else expect(expires).toBeLessThanOrEqual(service.clock.now / 1000 + 86_400);
  }
}
