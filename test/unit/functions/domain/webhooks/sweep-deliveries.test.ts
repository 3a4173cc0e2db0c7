import { describe, expect, it } from 'vitest';
import type { DeliverMessage } from '../../../../../functions/domain/webhooks/ports.ts';
import { sweepDeliveries } from '../../../../../functions/domain/webhooks/sweep-deliveries.ts';

const NOW = 1_800_000_000_000;
const delivery = (i: number, due = NOW - i): DeliverMessage => ({ endpointId: `e${i}`, deliveryId: `d${i}`, due });
const upkeep = (i: number, due = NOW - i): DeliverMessage => ({ endpointId: `e${i}`, due });

/** Sweeps what an index gives. */
async function swept(due: readonly DeliverMessage[], limit?: number) {
  const sent: DeliverMessage[] = [];
  const reads: unknown[] = [];
  const index = {
    async due(...how: [now: number, limit: number]) {
      reads.push(how);
      return due;
    },
  };
  const queue = {
    async send(messages: readonly DeliverMessage[]) {
      sent.push(...messages);
    },
  };
  return { result: await sweepDeliveries({ index, queue, now: () => NOW }, limit), sent, reads };
}

describe('a sweep of deliveries', () => {
  it('queues what is due, upkeeps of endpoints first, and says how late the oldest is', async () => {
    const { result, sent, reads } = await swept([delivery(9, NOW - 61_400), upkeep(8), delivery(7), upkeep(6)]);
    expect(sent).toEqual([upkeep(8), upkeep(6), delivery(9, NOW - 61_400), delivery(7)]);
    expect(result).toEqual({ queued: 4, oldestDueSeconds: 61 });
    expect(reads).toEqual([[NOW, 1_000]]);
  });

  it('queues 100 upkeeps at most, and as many deliveries as its limit lets the index return', async () => {
    const { result, sent, reads } = await swept(
      [...Array.from({ length: 150 }, (_, i) => upkeep(i)), ...Array.from({ length: 200 }, (_, i) => delivery(i))],
      200,
    );
    expect(sent.filter(({ deliveryId }) => deliveryId === undefined)).toHaveLength(100);
    expect(result.queued).toBe(300);
    expect(reads).toEqual([[NOW, 200]]);
  });

  it('reports 0 where nothing is due', async () => {
    expect((await swept([])).result).toEqual({ queued: 0, oldestDueSeconds: 0 });
  });
});
