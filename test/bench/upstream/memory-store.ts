import { ROOM } from '../../../functions/adapters/dynamodb/page-rows.ts';
import type { Tracked } from '../../../functions/domain/group/schedule.ts';
import type { Page, Snapshot } from '../../../functions/domain/group/snapshot.ts';
import { atOnce, dueAfter, type NextDue } from '../../../functions/domain/refresh/due-time.ts';
import type { DueIndex } from '../../../functions/domain/refresh/queue.ts';
import type { RefreshAttempt, WorkerStore } from '../../../functions/domain/store/ports.ts';
import { scheduleAt } from '../../fakes/schedule.ts';
import { heap } from './heap.ts';

interface Stored {
  row: Tracked;
  snapshot?: Snapshot;
  readonly pages: Map<string, Uint8Array>;
}

/**
 * The store and the index of due groups in memory: what the simulation's groups need of them, who are never erased and whose
 * workers never die.
 */
export interface MemoryStore {
  readonly store: WorkerStore;
  readonly index: DueIndex;
}

export function memoryStore(): MemoryStore {
  const groups = new Map<string, Stored>();
  const due = heap<{ resultId: string; due: number }>((a, b) => a.due < b.due);
  const rowOf = (resultId: string) => groups.get(resultId)?.row;

  function write(resultId: string, row: Tracked): true {
    const found = groups.get(resultId);
    if (row.due !== undefined && row.due !== found?.row.due) due.push({ resultId, due: row.due });
    if (found) found.row = row;
    else groups.set(resultId, { row, pages: new Map() });
    return true;
  }

  const isLeased = ({ leaseUntil = 0 }: Tracked, now: number) => leaseUntil > now;

  function expedite(resultId: string, now: number, request: Pick<Partial<Tracked>, 'requestedAt'> = {}): boolean {
    const row = rowOf(resultId);
    if (!row || (row.due !== undefined && row.due <= now) || isLeased(row, now)) return false;
    return now === atOnce(row, now) && write(resultId, { ...row, ...request, due: now, expeditedDue: now });
  }

  const store: WorkerStore = {
    ...NEVER_CALLED,
    room: ROOM,

    async read(resultId) {
      const { row, snapshot } = groups.get(resultId) ?? {};
      const { revision = 0, version = 0, publishedAt = 0 } = snapshot ?? {};
      return { schedule: row, revision, version, publishedAt, snapshot };
    },

    async pages(resultId, pages) {
      return pages.flatMap((page) => groups.get(resultId)?.pages.get(keyOf(page)) ?? []);
    },

    async claim(resultId, from, now, until) {
      const row = rowOf(resultId);
      if (!from) return !row && write(resultId, { ...scheduleAt(now, until), leaseUntil: until });
      if (!row || row.due !== from.due || row.publishIntent !== undefined || isLeased(row, now)) return false;
      return write(resultId, { ...row, due: until, leaseUntil: until, forcedAt: now });
    },

    async track(resultId, now) {
      if (rowOf(resultId)) return 'known';
      write(resultId, scheduleAt(now, now));
      return 'accepted';
    },

    expedite: async (resultId, now) => expedite(resultId, now),

    async requestRefresh(resultId, now) {
      if (expedite(resultId, now, { requestedAt: now })) return now;
      const row = rowOf(resultId);
      if (!row) return undefined;
      write(resultId, { ...row, requestedAt: Math.max(row.requestedAt ?? 0, now) });
      if (isLeased(row, now)) return undefined;
      if (row.due !== undefined && row.due <= now) return row.due;
      const due = atOnce(row, now);
      return expedite(resultId, due) ? due : undefined;
    },

    async finish(resultId, attempt) {
      const row = rowOf(resultId);
      if (!row || row.due !== attempt.from || row.publishIntent !== attempt.intent) return undefined;
      const next = dueAfter(attempt, row);
      write(resultId, finished(row, attempt, next));
      return next;
    },

    async renewDue(resultId, from, now) {
      const row = rowOf(resultId);
      if (row?.due !== from) return undefined;
      const due = atOnce(row, now);
      write(resultId, { ...row, due, expeditedDue: due });
      return due;
    },

    async recordPublishIntent(resultId, { due: from, found }, revision) {
      const row = rowOf(resultId);
      return row?.due === from && row.publishIntent === found && write(resultId, { ...row, publishIntent: revision });
    },

    async clearPublishIntent(resultId, revision) {
      const row = rowOf(resultId);
      if (row?.publishIntent === revision) write(resultId, { ...row, publishIntent: undefined });
    },

    async putPages(resultId, pages) {
      for (const page of pages) groups.get(resultId)?.pages.set(keyOf(page), Buffer.from(page.packed));
    },

    async renewPages(resultId, pages) {
      for (const page of pages) groups.get(resultId)?.pages.set(keyOf(page), Buffer.from(page.packed));
      return [];
    },

    async advance(resultId, snapshot, before) {
      const found = groups.get(resultId);
      if (!found || (found.snapshot?.revision ?? 0) !== before) return false;
      found.snapshot = snapshot;
      return true;
    },
  };

  return {
    store,
    index: {
      withoutCalls: async () => [],
      async due(now, limit) {
        const found = [];
        for (let first = due.peek(); first && first.due <= now && found.length < limit; first = due.peek()) {
          due.pop();
          // A group that was refreshed since is in the heap under its new time.
          if (rowOf(first.resultId)?.due === first.due) found.push(first);
        }
        for (const one of found) due.push(one);
        return found;
      },
    },
  };
}

function finished(row: Tracked, { attempt, pageSize, outcome }: RefreshAttempt, next: NextDue): Tracked {
  const done = {
    ...row,
    // Versions are announced at once, and at no cost.
    due: next.refreshDue === undefined ? next.due : (next.refreshDue ?? undefined),
    expeditedDue: next.queuedBy === 'run' ? next.due : row.expeditedDue,
    requestedAt: next.isRequestConsumed ? undefined : row.requestedAt,
    leaseUntil: undefined,
    lastAttempt: attempt,
    publishIntent: undefined,
    quarantinedDue: undefined,
    pageSize,
  };
  if ('error' in outcome) return { ...done, failures: outcome.failures, lastError: outcome.error };
  const { confirmedAt, version, phase, publishedAt, summary } = outcome;
  return { ...done, failures: 0, confirmedAt, confirmedVersion: version, phase, lastChange: publishedAt, summary };
}

const keyOf = ({ introduced, hash }: Page) => `${introduced} ${hash}`;

const nothing = async () => {};
const never = () => {
  throw new Error('nothing of this kind happens in the simulation');
};
/** History and expiry cost nothing here and decide nothing, so they are not stored. */
const NEVER_CALLED = {
  archive: nothing,
  expirePages: nothing,
  putChange: nothing,
  closeChange: nothing,
  archived: never,
  quarantine: never,
  fence: never,
  expireOthers: never,
  drop: never,
  change: never,
  changesAfter: never,
  storeEvents: never,
  announced: never,
  writeTombstone: never,
  fenceTombstone: never,
  redact: never,
  clean: never,
  cleaned: never,
  reschedule: never,
  repair: never,
} satisfies Partial<WorkerStore>;
