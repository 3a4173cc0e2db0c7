import type { StoredGroup } from '../group/schedule.ts';
import { recordMissing } from '../refresh/publish.ts';
import type { Announced, Announcements, Changes, Snapshots } from '../store/ports.ts';
import type { GroupEvent } from './event.ts';
import type { EventBus } from './event-bus.ts';
import { actEvent, versionEvents } from './group-events.ts';
import { waitingSince } from './is-behind.ts';

export interface AnnounceDeps {
  readonly store: Snapshots & Changes & Announcements;
  readonly bus: EventBus;
  readonly now: () => number;
}

/** How an announcement ended. */
export interface Announcement {
  /** What the bus accepted. */
  readonly done: Announced;
  readonly events: number;
  /** ms from each publish, erasure and redaction to its announcement; for the next one that waits, to now. */
  readonly delays: readonly number[];
  /** Whether nothing is left to announce. */
  readonly isComplete: boolean;
  /** The error of the bus; undefined where it gave none. */
  readonly error: unknown;
}

/** The events of one version, erasure or redaction. */
interface Pending {
  readonly events: readonly GroupEvent[];
  /** When it was published, erased or redacted, ms since the epoch. */
  readonly at: number;
  /** What is announced once the bus has accepted all its events. */
  readonly done: Announced;
}

/** Versions that are read at once, and events that the bus takes at once. */
const MAX_VERSIONS = 25;
const MAX_ENTRIES = 10;

/**
 * Announces what is not announced yet, oldest first: the last erasure, each version since, and a redaction. It stores
 * every event before it sends it. The caller records afterwards what was sent (see Announcements.announced). So an event
 * can be sent twice, and then has the same id and the same bytes.
 * @param group as read just now; where it has a publish intent, after recover.
 * @param signal ends the work between two batches.
 * @returns how it ended. It never throws, so that refreshing and cleaning go on.
 */
export async function announce(
  deps: AnnounceDeps,
  resultId: string,
  group: StoredGroup,
  signal: AbortSignal,
): Promise<Announcement> {
  let done: Announced = {};
  let events = 0;
  const delays: number[] = [];
  const ending = (isComplete: boolean, error?: unknown) => ({ done, events, delays, isComplete, error });
  try {
    for await (const batch of batchesOf(deps, resultId, group)) {
      const { sent, error } = await sendAll(deps, resultId, batch);
      for (const one of batch.slice(0, sent)) {
        done = merged(done, one.done);
        events += one.events.length;
        if (one.events.length > 0) delays.push(deps.now() - one.at);
      }
      if (sent < batch.length) delays.push(deps.now() - (batch[sent]?.at ?? waitingSince(group)));
      if (sent < batch.length || signal.aborted) return ending(false, error);
    }
    return ending(true);
  } catch (error) {
    delays.push(deps.now() - waitingSince(group));
    return ending(false, error);
  }
}

const merged = (a: Announced, b: Announced): Announced => ({
  ...a,
  ...b,
  versions: a.versions && b.versions ? { from: a.versions.from, until: b.versions.until } : (a.versions ?? b.versions),
});

/** Yields what is not announced yet, oldest first, in batches. */
async function* batchesOf({ store }: AnnounceDeps, resultId: string, group: StoredGroup): AsyncGenerator<Pending[]> {
  const { schedule, publishedAt } = group;
  if (!schedule) return;
  const { erasedAt, erasedVersion, redactedAt, unannouncedRedaction: redaction } = schedule;
  if (schedule.isErasureUnannounced && erasedAt !== undefined) {
    const events = [actEvent('group.erased', resultId, erasedVersion, erasedAt)];
    yield [{ events, at: erasedAt, done: { erasedAt } }];
  }
  let until = schedule.announcedUntil ?? publishedAt;
  for (let isRepaired = false; until < publishedAt; ) {
    const recorded = await store.changesAfter(resultId, until, MAX_VERSIONS);
    const from = until;
    until = recorded.at(-1)?.publishedAt ?? until;
    const pending = recorded.map((one) => ({
      events: versionEvents(resultId, one),
      at: one.publishedAt,
      done: { versions: { from, until: one.publishedAt } },
    }));
    if (pending.length > 0) yield pending;
    else if (group.snapshot && !isRepaired) {
      await recordMissing(store, resultId, group);
      isRepaired = true;
    } else {
      // Of these versions nothing is left, for example after an erasure by earlier code.
      yield [{ events: [], at: publishedAt, done: { versions: { from, until: publishedAt } } }];
      break;
    }
  }
  if (redaction !== undefined && redactedAt !== undefined) {
    yield [
      { events: [actEvent('group.redacted', resultId, redaction, redactedAt)], at: redactedAt, done: { redaction } },
    ];
  }
}

/** @returns how many of a batch the bus accepted whole, from the first on. */
async function sendAll(
  { store, bus }: AnnounceDeps,
  resultId: string,
  batch: readonly Pending[],
): Promise<{ sent: number; error: unknown }> {
  const events = batch.flatMap((one) => one.events);
  const bodies = await store.storeEvents(resultId, events);
  const stored = events.map(({ id, type, timestamp }, i) => ({ id, type, timestamp, body: bodies[i] ?? '' }));
  let accepted = 0;
  let error: unknown;
  try {
    for (let from = 0; from < stored.length && accepted === from; from += MAX_ENTRIES) {
      const answers = await bus.send(stored.slice(from, from + MAX_ENTRIES));
      const refused = answers.indexOf(false);
      accepted += refused < 0 ? answers.length : refused;
    }
  } catch (caught) {
    error = caught;
  }
  let sent = 0;
  for (const one of batch) {
    accepted -= one.events.length;
    if (accepted < 0) break;
    sent++;
  }
  return { sent, error };
}
