import { describe, expect, it } from 'vitest';
import { loadStatuses } from '../../../../../../../../functions/console/page/views/group/timeline/load-statuses.ts';
import type { Statuses } from '../../../../../../../../functions/console/page/views/group/timeline/timeline-rows.ts';

const versionOf = (version: number, added = 0) => ({ version, added, removed: 0 });
const statusesOf = (version: number): Statuses => new Map([['id', `status of ${version}`]]);

/** A service that keeps the versions after `expired`. */
function service(expired = 0, known = new Map<number, Statuses>()) {
  const read: number[] = [];
  const progress: string[] = [];
  const deps = {
    known,
    async read(version: number) {
      read.push(version);
      return version > expired ? statusesOf(version) : undefined;
    },
    onProgress: ({ done, total }: { done: number; total: number }) => void progress.push(`${done}/${total}`),
  };
  return { deps, read, progress, known };
}

describe('the statuses of a timeline', () => {
  it('are read for the oldest version, and for each that added verifications', async () => {
    const { deps, read, progress } = service();
    const versions = [versionOf(1, 2), versionOf(2), versionOf(3, 1)];
    const content = await loadStatuses(deps, versions);
    expect(read).toEqual([1, 3]);
    expect(progress).toEqual(['0/2', '1/2', '2/2']);
    expect(content.versions).toEqual(versions);
    expect([...content.statusesAt.keys()]).toEqual([1, 3]);
  });

  it('are read once, however often the timeline opens', async () => {
    const { known, deps } = service();
    const versions = [versionOf(1, 2), versionOf(2)];
    await loadStatuses(deps, versions);
    const again = service(0, known);
    expect((await loadStatuses(again.deps, [...versions, versionOf(3, 1)])).statusesAt.size).toBe(2);
    expect(again.read).toEqual([3]);
  });

  it('begin after the newest version that has expired', async () => {
    const { deps, read } = service(4);
    const versions = [1, 2, 3, 4, 5, 6].map((version) => versionOf(version, version === 4 ? 1 : 0));
    const content = await loadStatuses(deps, versions);
    expect(content.versions.map(({ version }) => version)).toEqual([5, 6]);
    expect(content.statusesAt).toEqual(new Map([[5, statusesOf(5)]]));
    expect(read).toEqual([1, 4, 5]);
  });

  it('are none where every version has expired', async () => {
    expect(await loadStatuses(service(2).deps, [versionOf(1), versionOf(2)])).toEqual({
      versions: [],
      statusesAt: new Map(),
    });
  });

  it('fail where the service fails, and keep what was read', async () => {
    const { deps, known } = service();
    const read = async (version: number) => {
      if (version === 2) throw new Error('no answer');
      return statusesOf(version);
    };
    await expect(loadStatuses({ ...deps, read }, [versionOf(1), versionOf(2, 1)])).rejects.toThrow('no answer');
    expect([...known.keys()]).toEqual([1]);
  });
});
