import { type Statuses, wholeVersions } from './timeline-rows.ts';

interface Needed {
  readonly version: number;
  readonly added: number;
  readonly removed: number;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** What the timeline shows. */
export interface TimelineContent<Version> {
  /** Oldest first. Expired ones are left out. */
  readonly versions: readonly Version[];
  /** The statuses of the versions that must be known as a whole. */
  readonly statusesAt: ReadonlyMap<number, Statuses>;
}

interface Deps {
  /** Reads the statuses of a version; undefined for one that has expired. */
  readonly read: (version: number) => Promise<Statuses | undefined>;
  /** Statuses that were read before. New ones are added. */
  readonly known: Map<number, Statuses>;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Loads the statuses that a timeline needs, each once. Versions expire in their order: where one has expired, the timeline
 * begins after it, with a version that must be known as a whole in its place.
 * @param versions oldest first.
 */
export async function loadStatuses<Version extends Needed>(
  { read, known, onProgress }: Deps,
  versions: readonly Version[],
): Promise<TimelineContent<Version>> {
  const missing = wholeVersions(versions).filter((version) => !known.has(version));
  let done = 0;
  let expired = 0;
  onProgress({ done, total: missing.length });
  await Promise.all(
    missing.map(async (version) => {
      const statuses = await read(version);
      if (statuses) known.set(version, statuses);
      else expired = Math.max(expired, version);
      onProgress({ done: ++done, total: missing.length });
    }),
  );
  if (expired === 0) return { versions, statusesAt: new Map(known) };
  const kept = versions.filter(({ version }) => version > expired);
  return loadStatuses({ read, known, onProgress }, kept);
}
