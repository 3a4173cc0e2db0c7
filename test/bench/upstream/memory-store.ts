import { ROOM } from '../../../functions/adapters/dynamodb/page-rows.ts';
import type { Tracked } from '../../../functions/domain/group/schedule.ts';
import type { Page, Snapshot } from '../../../functions/domain/group/snapshot.ts';
import type { DueIndex } from '../../../functions/domain/refresh/queue.ts';
import type { RefreshAttempt, Store } from '../../../functions/domain/store/ports.ts';
import { scheduleAt } from '../../fakes/schedule.ts';
import { heap } from './heap.ts';

type Row = Tracked & { readonly requested?: number | undefined; readonly requestedDue?: number | undefined };

interface Stored {
  row: Row;
  snapshot?: Snapshot;
  readonly pages: Map<string, Uint8Array>;
}

/**
 * The store and the index of due groups in memory: what the simulation's groups need of them, who are never erased and whose
 * workers never die.
 */
export interface MemoryStore {
  readonly store: Store;
  readonly index: DueIndex;
}

export function memoryStore(): MemoryStore {
  const groups = new Map<string, Stored>();
  const due = heap<{ resultId: string; due: number }>((a, b) => a.due < b.due);
  const rowOf = (resultId: string) => groups.get(resultId)?.row;

  function write(resultId: string, row: Row): true {
    const found = groups.get(resultId);
    if (row.due !== undefined && row.due !== found?.row.due) due.push({ resultId, due: row.due });
    if (found) found.row = row;
    else groups.set(resultId, { row, pages: new Map() });
    return true;
  }

  const isLeased = ({ leaseUntil = 0 }: Row, now: number) => leaseUntil > now;

  function expedite(resultId: string, now: number): boolean {
    const row = rowOf(resultId);
    if (!row || (row.due !== undefined && row.due <= now) || isLeased(row, now)) return false;
    return write(resultId, { ...row, due: now });
  }

  const store: Store = {
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
      const row = rowOf(resultId);
      if (!row || (row.requested !== undefined && row.requested >= now)) return [];
      const isFirst = row.requested === undefined;
      if (isFirst && row.due === now) return [];
      write(resultId, { ...row, requested: now, requestedDue: row.requestedDue ?? now });
      const queued = isFirst ? [now] : [];
      if (isLeased(row, now)) return queued;
      if (row.due !== undefined && row.due <= now) return isFirst ? [row.due, now] : [];
      return expedite(resultId, now) ? [now] : queued;
    },

    async finish(resultId, attempt) {
      const row = rowOf(resultId);
      if (!row || row.due !== attempt.from || row.publishIntent !== attempt.intent) return false;
      return write(resultId, finished(row, attempt));
    },

    async recordPublishIntent(resultId, from, found, revision) {
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
      toClean: async () => [],
      async due(now, limit) {
        const found = [];
        for (let first = due.peek(); first && first.due <= now && found.length < limit; first = due.peek()) {
          due.pop();
          // What was looked at since is in the heap under its new time.
          if (rowOf(first.resultId)?.due === first.due) found.push(first);
        }
        for (const one of found) due.push(one);
        return found;
      },
    },
  };
}

function finished(row: Row, { next, attempt, begun, pageSize, outcome }: RefreshAttempt): Row {
  const isRequested = row.requested !== undefined && row.requested > begun;
  const done = {
    ...row,
    due: isRequested ? row.requestedDue : next,
    leaseUntil: undefined,
    lastAttempt: attempt,
    publishIntent: undefined,
    quarantinedDue: undefined,
    requested: undefined,
    requestedDue: undefined,
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
/** History and what expires cost nothing here and decide nothing: they are not kept. */
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
  writeTombstone: never,
  fenceTombstone: never,
  redact: never,
  clean: never,
  cleaned: never,
  reschedule: never,
  repair: never,
} satisfies Partial<Store>;
