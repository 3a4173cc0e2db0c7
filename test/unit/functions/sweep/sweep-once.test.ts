import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../functions/domain/api-keys/api-key.ts';
import { UNUSED } from '../../../../functions/domain/upstream/budget.ts';
import { sweepOnce } from '../../../../functions/sweep/sweep-once.ts';
import { apiKey } from '../../../fakes/key-store.ts';
import { printedLines } from '../../../fakes/printed.ts';

const NOW = 1_800_000_000_000;
const lines = printedLines();

interface Faults {
  /** Fails the sweep of groups, that of deliveries, or the count of API keys. */
  readonly groups?: Error;
  readonly deliveries?: Error;
  readonly keys?: Error;
}

/** A sweep of one due group and one due delivery. @param keys end after as many days. */
function sweeping(
  { groups: groupFault, deliveries: deliveryFault, keys: keyFault }: Faults = {},
  keys: readonly number[] = [],
) {
  const done: string[] = [];
  const now = () => NOW;
  const unless = async (fault: Error | undefined, what: string) => {
    if (fault) throw fault;
    done.push(what);
  };
  const deps = {
    budget: { read: async () => UNUSED },
    settings: { maxRps: 5, share: 0.5 },
    sweeps: { ended: async () => void done.push('ended') },
    groupRetentionMs: undefined,
    groups: { list: async () => ({ found: [], next: undefined }) },
    store: { expedite: async () => true },
    index: {
      due: async () => [{ resultId: 'group', due: NOW - 5_000 }],
      withoutCalls: async () => [],
    },
    queue: {
      enqueue: (some: readonly unknown[]) =>
        some.length === 0 ? Promise.resolve() : unless(groupFault, 'group queued'),
    },
    now,
    deliveries: {
      index: { due: async () => [{ endpointId: 'endpoint', deliveryId: 'delivery', due: NOW - 7_000 }] },
      queue: { send: () => unless(deliveryFault, 'delivery queued') },
      now,
    },
    apiKeys: {
      keys: {
        all: async () => {
          if (keyFault) throw keyFault;
          return keys.map((days) => apiKey({ expiresAt: NOW + days * DAY_MS }));
        },
      },
      now,
    },
  };
  return { done, run: () => sweepOnce(deps, 50_000) };
}

const ofGroups = { event: 'sweep.done', Sweeps: 1, Due: 1, OldestDueSeconds: 5 };
const ofDeliveries = { event: 'sweep.deliveries_queued', DueDeliveries: 1, OldestDeliverySeconds: 7 };
const byEvent = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(b.event).localeCompare(String(a.event));

describe('a scheduled run', () => {
  it('queues the due groups and the due deliveries, and reports each', async () => {
    const { done, run } = sweeping();
    await run();
    expect(done.sort()).toEqual(['delivery queued', 'ended', 'group queued']);
    expect(lines.sort(byEvent)).toMatchObject([ofGroups, ofDeliveries]);
  });

  it('queues groups and records its end where deliveries fail, and fails afterwards', async () => {
    const { done, run } = sweeping({ deliveries: new Error('no queue of deliveries') });
    await expect(run()).rejects.toThrow('no queue of deliveries');
    expect(done.sort()).toEqual(['ended', 'group queued']);
    expect(lines).toMatchObject([ofGroups]);
  });

  it('queues deliveries where groups fail, and fails afterwards', async () => {
    const { done, run } = sweeping({ groups: new Error('no queue of groups') });
    await expect(run()).rejects.toThrow('no queue of groups');
    expect(done).toEqual(['delivery queued']);
    expect(lines).toMatchObject([ofDeliveries]);
  });

  it('reports how many valid API keys end soon', async () => {
    const { run } = sweeping({}, [-1, 0, 0.1, 14, 14.1]);
    await run();
    expect(lines).toContainEqual(expect.objectContaining({ event: 'sweep.keys_near_end', ApiKeysNearEnd: 2 }));
  });

  it('sweeps where API keys cannot be read, and fails afterwards', async () => {
    const { done, run } = sweeping({ keys: new Error('no keys') });
    await expect(run()).rejects.toThrow('no keys');
    expect(done.sort()).toEqual(['delivery queued', 'ended', 'group queued']);
  });
});
