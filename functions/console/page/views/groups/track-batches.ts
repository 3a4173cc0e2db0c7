import type { CallError } from '../../api/call-error.ts';
import type { Client } from '../../api/client.ts';
import { shownError } from '../../api/client.ts';

/** How far the tracking of a list has come. */
export interface Tracked {
  /** Ids that the service took, from the beginning of the list. */
  readonly done: number;
  /** Groups that were not tracked before. */
  readonly accepted: number;
  /** Groups that were tracked before. */
  readonly known: number;
}

/** The most ids of one call. */
const BATCH = 100;
/** The longest wait for a service that is busy, seconds. */
const MAX_WAIT_SECONDS = 60;
const MAX_ATTEMPTS = 5;

interface Deps {
  readonly client: Client;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onProgress: (tracked: Tracked) => void;
}

/**
 * Tracks ids in batches. To track a group twice is harmless, so a batch is sent again where the service is busy.
 * @param from how far an earlier run came.
 * @throws CallError where the service does not take a batch. The progress says how far the run came.
 */
export async function trackBatches(
  { client, sleep, onProgress }: Deps,
  ids: readonly string[],
  from: Tracked,
): Promise<Tracked> {
  let tracked = from;
  let attempts = 0;
  while (tracked.done < ids.length) {
    const batch = ids.slice(tracked.done, tracked.done + BATCH);
    try {
      const { body } = await client.call('POST /groups', { body: { result_ids: batch } });
      attempts = 0;
      tracked = {
        done: tracked.done + batch.length,
        accepted: tracked.accepted + body.accepted.length,
        known: tracked.known + body.known.length,
      };
      onProgress(tracked);
    } catch (reason) {
      const waitSeconds = waitFor(shownError(reason), ++attempts);
      if (waitSeconds === undefined) throw reason;
      await sleep(waitSeconds * 1000);
    }
  }
  return tracked;
}

/** @returns seconds; undefined where another attempt is useless, or the user should decide. */
function waitFor(error: CallError | undefined, attempts: number): number | undefined {
  const { status = 0, retryAfterSeconds } = error?.details ?? {};
  const isBusy = status === 429 || status === 503;
  const seconds = retryAfterSeconds ?? 2 ** attempts;
  return isBusy && attempts < MAX_ATTEMPTS && seconds <= MAX_WAIT_SECONDS ? seconds : undefined;
}
