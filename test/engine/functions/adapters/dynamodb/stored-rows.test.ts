import { readdirSync, readFileSync } from 'node:fs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { dueIndex } from '../../../../../functions/adapters/dynamodb/due-index.ts';
import { groupIndex } from '../../../../../functions/adapters/dynamodb/group-index.ts';
import { SCHEMA } from '../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { unpack } from '../../../../../functions/domain/group/pages.ts';
import { redacted } from '../../../../../functions/domain/group/redact.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { type Engine, enginesOf } from '../../../../fakes/engine.ts';
import { type Service, startService } from '../../../../fakes/service.ts';
import { IDS, overallOf, versionsOf } from '../../../../fixtures/rows/groups.ts';

const Bytes = z.strictObject({ base64: z.string() }).transform(({ base64 }) => Buffer.from(base64, 'base64'));
const Row = z.looseObject({ pk: z.string(), sk: z.string() }).catchall(z.union([Bytes, z.unknown()]));
const Fixture = z.object({ now: z.number(), rows: z.array(Row) });
type Name = keyof typeof IDS;

const FOLDER = new URL('../../../../fixtures/rows/', import.meta.url);
/** The rows that a build of each schema version stored. */
const fixtures = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    schema: file.replace('.json', ''),
    ...Fixture.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))),
  }));

it('there is a fixture of every schema version', () => {
  expect(fixtures.map(({ schema }) => schema)).toEqual(Array.from({ length: SCHEMA }, (_, i) => `schema-${i + 1}`));
});

describe.each(enginesOf(inject('size')).filter(({ available }) => available))('on $name', ({ start }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.stop());

  describe.each(fixtures)('rows of $schema', ({ now, rows }) => {
    let service: Service;
    beforeEach(async () => {
      service = await startService(engine);
      service.clock.now = now;
      for (const row of rows) {
        await engine.client.send(new PutCommand({ TableName: service.table, Item: row }));
      }
    });

    const hold = (name: Name, version: 1 | 2, items = versionsOf(name)[version - 1] ?? []) =>
      service.anycheck.groups.set(IDS[name], { overall: overallOf(version), items });
    const refresh = (name: Name) => service.refresh(IDS[name]);
    const archived = async (name: Name, version: number) => {
      const found = await service.bare.archived(IDS[name], version);
      return (
        found && (found.inline ? [found.inline] : await service.bare.pages(IDS[name], found.pages)).flatMap(unpack)
      );
    };
    const expectVersion = async (name: Name, version: number) => {
      const { snapshot } = await service.bare.read(IDS[name]);
      expect(snapshot?.version).toBe(version);
      expect(await service.served(IDS[name])).toEqual(service.anycheck.groups.get(IDS[name])?.items);
    };

    it.each(['small', 'paged'] as const)(
      'the current version of the %s group and the one before are read',
      async (name) => {
        const [first, second] = versionsOf(name);
        const { snapshot, schedule } = await service.bare.read(IDS[name]);
        expect(snapshot).toMatchObject({ version: 2, phase: 'settled', totalText: String(second.length) });
        expect(snapshot?.inline === undefined).toBe(name === 'paged');
        expect(schedule).toMatchObject({ confirmedVersion: 2, phase: 'settled', failures: 0 });
        expect(await service.served(IDS[name])).toEqual(second);
        expect(await archived(name, 1)).toEqual(first);
        const now = await service.read(IDS[name]);
        const before = await service.read(IDS[name], '&snapshot_version=1');
        expect([now.items, before.items]).toEqual([second, first]);
      },
    );

    it.each(['small', 'paged'] as const)(
      'a refresh of the %s group that finds nothing new makes no version',
      async (name) => {
        hold(name, 2);
        expect(await refresh(name)).toMatchObject({ kind: 'unchanged', version: 2 });
        await expectVersion(name, 2);
      },
    );

    it.each(['small', 'paged'] as const)(
      'a change of the %s group is its third version, and what was stays',
      async (name) => {
        const [first, second] = versionsOf(name);
        hold(name, 2, second.toSpliced(1, 1));
        expect(await refresh(name)).toMatchObject({ kind: 'published', version: 3 });
        await expectVersion(name, 3);
        expect(await archived(name, 1)).toEqual(first);
        expect(await archived(name, 2)).toEqual(second);
      },
    );

    it.each(['small', 'paged'] as const)(
      'another order of the %s group makes no version, also where its stored hash depends on the order',
      async (name) => {
        const [, second] = versionsOf(name);
        hold(name, 2, second.toReversed());
        expect(await refresh(name)).toMatchObject({ version: 2 });
        expect(await service.served(IDS[name])).toEqual(second);
        expect(await refresh(name)).toMatchObject({ kind: 'unchanged', version: 2 });
      },
    );

    it('all that are due are found', async () => {
      const due = await dueIndex(engine.client, service.table).due(now + 40 * 86_400_000, 100);
      const ids = due.map(({ resultId }) => resultId);
      for (const name of ['small', 'paged', 'failed', 'halfPublished'] as const) expect(ids).toContain(IDS[name]);
    });

    it('a first refresh that failed is reported', async () => {
      const { schedule, snapshot } = await service.bare.read(IDS.failed);
      expect(snapshot).toBeUndefined();
      expect(schedule).toMatchObject({ failures: 1, lastError: 'UNAVAILABLE' });
    });

    it('a group that fails since before there was a list of failing groups is in it from its next failed refresh on', async () => {
      const { schedule } = await service.bare.read(IDS.failed);
      const failing = () =>
        groupIndex(engine.client, service.table).list(
          { phase: undefined, overallStatus: undefined, isFailing: true },
          { order: 'newest' },
          100,
        );
      expect(await failing()).toEqual({ found: [], next: undefined });
      service.anycheck.before = () => {
        throw new UpstreamError('MALFORMED', 'of our own words', { fleetWide: false });
      };
      await refresh('failed');
      expect((await failing()).found).toMatchObject([
        { resultId: IDS.failed, schedule: { failingSince: 1_800_000_033_000, failures: 2 } },
      ]);
      expect(schedule).toMatchObject({ failingSince: 1_800_000_033_000 });
    });

    it('a first refresh that failed is retried', async () => {
      hold('failed', 1);
      expect(await refresh('failed')).toMatchObject({ kind: 'published', version: 1 });
      await expectVersion('failed', 1);
    });

    it('a publish that died is finished', async () => {
      expect(await service.served(IDS.halfPublished)).toEqual(versionsOf('halfPublished')[0]);
      hold('halfPublished', 2);
      expect(await refresh('halfPublished')).toMatchObject({ kind: 'published', version: 2 });
      await expectVersion('halfPublished', 2);
      expect(await archived('halfPublished', 1)).toEqual(versionsOf('halfPublished')[0]);
    });

    it('the changes of each version are returned', async () => {
      for (const name of ['small', 'paged', 'redacted'] as const) {
        const [second, first] = await service.deps.history.changes(IDS[name], undefined, 10);
        const transition = { verificationId: `${name}-1`, from: 'IN_PROGRESS', to: 'COMPLETED' };
        expect(second).toMatchObject({ version: 2, added: 0, removed: 0, changed: 1, transitions: [transition] });
        expect(first).toMatchObject({ version: 1, removed: 0, changed: 0, confirmedUntil: first?.publishedAt });
      }
    });

    it('an erased group is not readable, and continues its versions when it is tracked anew', async () => {
      const { snapshot, version, schedule } = await service.bare.read(IDS.erased);
      expect([snapshot, version, schedule?.kind]).toEqual([undefined, 2, 'tombstone']);
      expect(await archived('erased', 1)).toBeUndefined();
      expect(await service.bare.track(IDS.erased, now)).toBe('accepted');
      hold('erased', 1);
      expect(await refresh('erased')).toMatchObject({ kind: 'published', version: 3 });
      await expectVersion('erased', 3);
    });

    it('what was redacted is served without personal data, and rewritten by the next refresh', async () => {
      const [first, second] = versionsOf('redacted').map((items) => items.map(redacted));
      expect((await service.read(IDS.redacted)).items).toEqual(second);
      expect((await service.read(IDS.redacted, '&snapshot_version=1')).items).toEqual(first);
      hold('redacted', 2);
      await refresh('redacted');
      expect(await service.served(IDS.redacted)).toEqual(second);
      expect(await archived('redacted', 1)).toEqual(first);
    });

    it('the groups are listed, before their next refresh and after it', async () => {
      const listed = async () => {
        const index = groupIndex(engine.client, service.table);
        const { found } = await index.list(
          { phase: 'settled', overallStatus: undefined, isFailing: false },
          { order: 'newest' },
          100,
        );
        return found.map(({ resultId }) => resultId);
      };
      expect(await listed()).toEqual(expect.arrayContaining([IDS.small, IDS.paged]));
      hold('small', 2);
      await refresh('small');
      expect(await listed()).toContain(IDS.small);
    });
  });
});
