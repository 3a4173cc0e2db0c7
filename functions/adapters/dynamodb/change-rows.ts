import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Transition } from '../../domain/group/change.ts';
import { PHASES } from '../../domain/group/phase.ts';
import type { Snapshot } from '../../domain/group/snapshot.ts';
import type { Changes, History, Recorded, RecordedChange } from '../../domain/store/ports.ts';
import { binary, CHANGES, changeSk, EVENT_DAYS, expiryAfter, groupKey, rowBase, SCHEMA } from './layout/keys.ts';
import { StatusCounts, statusCountsText } from './layout/schedule-row.ts';
import type { PublicationsOptions } from './publications.ts';
import { conditionalWrites, NEW } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';
import { firstOf } from './requests/range.ts';

const ChangeRow = z.object({
  ...rowBase,
  version: z.number(),
  published_at: z.number(),
  total: z.string(),
  overall_status: z.string(),
  phase: z.enum(PHASES),
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  transitions: z.optional(binary),
  /** Missing in a version without one before it, and in rows that earlier code wrote, like the counts. */
  previous_phase: z.optional(z.enum(PHASES)),
  status_counts: z.optional(z.string()),
  confirmed_until: z.optional(z.number()),
  superseded_at: z.optional(z.number()),
  expires: z.optional(z.number()),
  /** The end of the retention, where the row stays longer. */
  retained_until: z.optional(z.number()),
});

const Transitions = z.array(z.tuple([z.string(), z.nullable(z.string()), z.nullable(z.string())]));

const recordedOf = (row: z.output<typeof ChangeRow>): Recorded => ({
  version: row.version,
  publishedAt: row.published_at,
  totalText: row.total,
  overallStatusText: row.overall_status,
  phase: row.phase,
  added: row.added,
  removed: row.removed,
  changed: row.changed,
  transitions: row.transitions
    ? Transitions.parse(JSON.parse(zstdDecompressSync(row.transitions).toString())).map(
        ([verificationId, from, to]) => ({
          verificationId,
          from,
          to,
        }),
      )
    : [],
  previousPhase: row.previous_phase,
  statusCounts: row.status_counts === undefined ? undefined : StatusCounts.parse(JSON.parse(row.status_counts)),
  confirmedUntil: row.confirmed_until,
  supersededAt: row.superseded_at,
  expires: row.retained_until ?? row.expires,
});

/**
 * Bytes of a version's transitions, packed and unpacked: a row ends at 400 KB, and a page of the history at 6 MB. 10,000
 * transitions of common ids take 0.7 MB. Of more, the first ones are stored.
 */
const MAX_PACKED_BYTES = 300_000;
const MAX_TRANSITIONS_BYTES = 1_500_000;

function packTransitions(transitions: readonly Transition[]): Uint8Array {
  for (let { length } = transitions; ; length = Math.floor(length / 2)) {
    const some = transitions.slice(0, length).map(({ verificationId, from, to }) => [verificationId, from, to]);
    const text = Buffer.from(JSON.stringify(some));
    if (text.length > MAX_TRANSITIONS_BYTES) continue;
    const packed = zstdCompressSync(text);
    if (packed.length <= MAX_PACKED_BYTES) return packed;
  }
}

export const changeRow = (resultId: string, snapshot: Snapshot, change: RecordedChange) => ({
  pk: groupKey(resultId),
  sk: changeSk(snapshot.publishedAt),
  v: SCHEMA,
  version: snapshot.version,
  published_at: snapshot.publishedAt,
  total: snapshot.totalText,
  overall_status: snapshot.overallStatusText,
  phase: snapshot.phase,
  added: change.added,
  removed: change.removed,
  changed: change.changed,
  previous_phase: change.previousPhase,
  status_counts: change.statusCounts && statusCountsText(change.statusCounts),
  ...(change.transitions.length > 0 && { transitions: packTransitions(change.transitions) }),
});

/**
 * The change records: one small row for each version, with its summary and what it changed. The archive record has the
 * content.
 */
export function changes({ client, table, retentionDays }: PublicationsOptions): Changes {
  const writes = conditionalWrites(client, table);
  return {
    async change(resultId, publishedAt) {
      const Key = { pk: groupKey(resultId), sk: changeSk(publishedAt) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && recordedOf(ChangeRow.parse(Item));
    },

    async putChange(resultId, snapshot, change) {
      await writes.put(changeRow(resultId, snapshot, change), NEW);
    },

    async closeChange(resultId, { publishedAt, confirmedUntil }, at) {
      await writes.update(
        { pk: groupKey(resultId), sk: changeSk(publishedAt) },
        {
          set: {
            confirmed_until: confirmedUntil,
            superseded_at: at,
            // A version can be announced only while its change record is stored.
            expires: expiryAfter(at, Math.max(retentionDays, EVENT_DAYS)),
            retained_until: retentionDays < EVENT_DAYS ? expiryAfter(at, retentionDays) : undefined,
          },
        },
        { when: 'attribute_exists(pk)' },
      );
    },
  };
}

/** The upper bound of all change records: `:` sorts directly after the digits. */
const LAST = `${CHANGES}:`;

/** Returns the change records of versions published later than `after` (ms since the epoch), oldest first. */
export async function changesAfter(place: Place, resultId: string, after: number, limit: number): Promise<Recorded[]> {
  const later = { pk: groupKey(resultId), first: changeSk(after + 1), last: LAST };
  return (await firstOf(place, later, limit)).map((row) => recordedOf(ChangeRow.parse(row)));
}

/** Reads the change records as a group's history. */
export function changeHistory(client: DynamoDBDocumentClient, table: string): History {
  async function newest(resultId: string, last: string, limit: number) {
    const until = { pk: groupKey(resultId), first: CHANGES, last };
    const rows = await firstOf({ client, table }, until, limit, { ScanIndexForward: false });
    return rows.map((row) => recordedOf(ChangeRow.parse(row)));
  }

  return {
    changes: (resultId, before, limit) => newest(resultId, before === undefined ? LAST : changeSk(before - 1), limit),
    changeAt: async (resultId, time) => (await newest(resultId, changeSk(time), 1))[0],
  };
}
