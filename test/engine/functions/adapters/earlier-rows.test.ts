import { readdirSync, readFileSync } from 'node:fs';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dueIndex } from '../../../../functions/adapters/due-index.ts';
import { groupIndex } from '../../../../functions/adapters/group-index.ts';
import { groupKey, SCHEDULE } from '../../../../functions/adapters/rows.ts';
import { unpack } from '../../../../functions/domain/pages.ts';
import { redacted } from '../../../../functions/domain/redact.ts';
import { type Engine, engines } from '../../../fakes/engine.ts';
import { type Service, startService } from '../../../fakes/service.ts';
import { IDS, overallOf, versionsOf } from '../../../fixtures/rows/groups.ts';

const Bytes = z.strictObject({ base64: z.string() }).transform(({ base64 }) => Buffer.from(base64, 'base64'));
const Row = z.looseObject({ pk: z.string(), sk: z.string() }).catchall(z.union([Bytes, z.unknown()]));
const Fixture = z.object({ now: z.number(), rows: z.array(Row) });
type Name = keyof typeof IDS;

const FOLDER = new URL('../../../fixtures/rows/', import.meta.url);
const fixtures = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const { now, rows } = Fixture.parse(JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')));
    const names = new Set(rows.map((row) => row.pk));
    const has = (name: Name) => names.has(`group#${IDS[name]}`);
    return { version: file.replace('.json', ''), now, rows, has, hasChanges: has('erased') };
  });

it('there are rows of versions before groups could be erased, and of later ones', () => {
  expect(new Set(fixtures.map(({ hasChanges }) => hasChanges))).toEqual(new Set([true, false]));
});

/** A test of rows that some of the versions write: for the others there is nothing to test. */
const only = (isWritten: boolean, name: string, test: () => Promise<void>) => {
  if (isWritten) it(name, test);
};

describe.each(engines.filter(({ available }) => available))('on $name', ({ start }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.stop());

  describe.each(fixtures)('rows written by $version', ({ now, rows, hasChanges }) => {
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
    const look = (name: Name) => service.look(IDS[name]);
    const archived = async (name: Name, version: number) => {
      const found = await service.bare.archived(IDS[name], version);
      return (
        found && (found.inline ? [found.inline] : await service.bare.pages(IDS[name], found.pages)).flatMap(unpack)
      );
    };
    const looked = async (name: Name, version: number) => {
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
      'a look at the %s group that finds nothing new makes no version',
      async (name) => {
        hold(name, 2);
        expect(await look(name)).toMatchObject({ kind: 'unchanged', version: 2 });
        await looked(name, 2);
      },
    );

    it.each(['small', 'paged'] as const)(
      'a change of the %s group is its third version, and what was stays',
      async (name) => {
        const [first, second] = versionsOf(name);
        hold(name, 2, second.toReversed());
        expect(await look(name)).toMatchObject({ kind: 'published', version: 3 });
        await looked(name, 3);
        expect(await archived(name, 1)).toEqual(first);
        expect(await archived(name, 2)).toEqual(second);
      },
    );

    it('all that are due are found', async () => {
      const due = await dueIndex(engine.client, service.table).due(now + 40 * 86_400_000, 100);
      const ids = due.map(({ resultId }) => resultId);
      for (const name of ['small', 'paged', 'failed', 'halfPublished'] as const) expect(ids).toContain(IDS[name]);
    });

    it('a first look that failed is told', async () => {
      const { schedule, snapshot } = await service.bare.read(IDS.failed);
      expect(snapshot).toBeUndefined();
      expect(schedule).toMatchObject({ failures: 1, lastError: 'UNAVAILABLE' });
    });

    only(hasChanges, 'a first look that failed is made up for', async () => {
      hold('failed', 1);
      expect(await look('failed')).toMatchObject({ kind: 'published', version: 1 });
      await looked('failed', 1);
    });

    only(!hasChanges, 'a first look that failed has to be forgotten: nobody follows its group any more', async () => {
      hold('failed', 1);
      await expect(service.read(IDS.failed)).rejects.toMatchObject({ status: 404 });
      const Key = { pk: groupKey(IDS.failed), sk: SCHEDULE };
      await engine.client.send(new DeleteCommand({ TableName: service.table, Key }));
      expect((await service.read(IDS.failed)).items).toEqual(versionsOf('failed')[0]);
    });

    it('a publish that died is finished', async () => {
      expect(await service.served(IDS.halfPublished)).toEqual(versionsOf('halfPublished')[0]);
      hold('halfPublished', 2);
      expect(await look('halfPublished')).toMatchObject({ kind: 'published', version: 2 });
      await looked('halfPublished', 2);
      expect(await archived('halfPublished', 1)).toEqual(versionsOf('halfPublished')[0]);
    });

    only(hasChanges, 'what each version changed is told', async () => {
      for (const name of ['small', 'paged', 'redacted'] as const) {
        const [second, first] = await service.deps.history.changes(IDS[name], undefined, 10);
        const transition = { verificationId: `${name}-1`, from: 'IN_PROGRESS', to: 'COMPLETED' };
        expect(second).toMatchObject({ version: 2, added: 0, removed: 0, changed: 1, transitions: [transition] });
        expect(first).toMatchObject({ version: 1, removed: 0, changed: 0, confirmedUntil: first?.publishedAt });
      }
    });

    only(hasChanges, 'what was erased is read by nobody, and goes on counting when it is followed anew', async () => {
      const { snapshot, version, schedule } = await service.bare.read(IDS.erased);
      expect([snapshot, version, schedule?.phase]).toEqual([undefined, 2, undefined]);
      expect(await archived('erased', 1)).toBeUndefined();
      expect(await service.bare.follow(IDS.erased, now)).toBe('accepted');
      hold('erased', 1);
      expect(await look('erased')).toMatchObject({ kind: 'published', version: 3 });
      await looked('erased', 3);
    });

    only(hasChanges, 'what was redacted is served without personal data, and rewritten by the next look', async () => {
      const [first, second] = versionsOf('redacted').map((items) => items.map(redacted));
      expect((await service.read(IDS.redacted)).items).toEqual(second);
      expect((await service.read(IDS.redacted, '&snapshot_version=1')).items).toEqual(first);
      hold('redacted', 2);
      await look('redacted');
      expect(await service.served(IDS.redacted)).toEqual(second);
      expect(await archived('redacted', 1)).toEqual(first);
    });

    it('the groups are listed, those of before there was a list from their next look on', async () => {
      const listed = async () => {
        const index = groupIndex(engine.client, service.table);
        const { found } = await index.list({ phase: 'settled', overallStatus: undefined }, { order: 'newest' }, 100);
        return found.map(({ resultId }) => resultId);
      };
      if (hasChanges) expect(await listed()).toEqual(expect.arrayContaining([IDS.small, IDS.paged]));
      else expect(await listed()).toEqual([]);
      hold('small', 2);
      await look('small');
      expect(await listed()).toContain(IDS.small);
    });
  });
});
