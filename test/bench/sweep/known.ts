import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { scheduleRow } from '../../../functions/adapters/dynamodb/layout/schedule-row.ts';
import { seededUuid } from '../../../lib/sandbox/fixtures/seeded.ts';
import type { Engine } from '../../fakes/engine.ts';

/** ms since the epoch: of the sweep. */
export const NOW = 1_800_000_000_000;
export const DUE = 1_000;

/** BatchWriteItem takes as many rows; and as many calls at once. */
const BATCH = 25;
const PARALLEL = 4;

/**
 * Makes groups known, from one number to another: the first of all are due, of the others every second one is due later, and
 * the rest, which are over for long, are not.
 */
export async function know({ client }: Engine, table: string, from: number, to: number): Promise<void> {
  let next = from;
  async function write(): Promise<void> {
    for (let first = next; first < to; first = next) {
      next = Math.min(to, first + BATCH);
      let puts = Array.from({ length: next - first }, (_, i) => ({ PutRequest: { Item: row(first + i) } }));
      while (puts.length > 0) {
        const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
        const left = UnprocessedItems?.[table]?.length ?? 0;
        puts = puts.slice(puts.length - left);
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, write));
}

function row(number: number) {
  const resultId = seededUuid(`known/${number}`);
  const isOver = number >= DUE && number % 2 === 1;
  const { due, due_shard, lease_until, ...rest } = scheduleRow(resultId, {
    firstSeen: NOW - 86_400_000,
    due: number < DUE ? NOW - number : NOW + number * 1_000,
  });
  return {
    ...rest,
    ...(!isOver && { due, due_shard }),
    last_attempt: NOW - 3_600_000,
    confirmed_at: NOW - 3_600_000,
    confirmed_version: 3,
    total: 1,
    overall_status: isOver ? 'COMPLETED' : 'IN_PROGRESS',
    counts: { [isOver ? 'COMPLETED' : 'IN_PROGRESS']: 1 },
  };
}
