import { createHash } from 'node:crypto';
import * as z from 'zod';
import { mapLimit } from '../../functions/domain/map-limit.ts';
import { type Client, dataOf } from '../client/client.ts';
import type { StateFile } from '../client/state-file.ts';
import { misused } from '../client/stop.ts';
import type { Counts } from './report.ts';

/** How far a run has come. It names no credentials. */
export const TrackState = z.object({
  program: z.literal('track'),
  /** The deployment that took the ids. */
  api_url: z.string(),
  /** When the run began, by the clock of the service: ms since the epoch. */
  began_at: z.int(),
  /** How many ids of the list are done, from its beginning. */
  done: z.int(),
  /** The hash of these ids. */
  sha256: z.string(),
  accepted: z.int(),
  known: z.int(),
});
export type TrackState = z.output<typeof TrackState>;

interface Tracking {
  readonly client: Client;
  readonly apiUrl: string;
  readonly ids: readonly string[];
  /** Undefined: a run that was cut begins anew. */
  readonly file: StateFile<TrackState> | undefined;
  /** Called when a batch is done. */
  readonly onBatch: (done: number, counts: Counts) => void;
}

/** The most ids of one call. */
const BATCH = 100;
/** Calls at once that ask since when a group is tracked. */
const PARALLEL = 5;

const hashOf = (ids: readonly string[]): string => createHash('sha256').update(ids.join('\n')).digest('hex');

/**
 * Tracks ids in batches, and continues behind the batches of an earlier run whose state the file holds.
 * @throws Stop where the file belongs to another list or deployment, and where the service does not take a batch.
 */
export async function trackAll({ client, apiUrl, ids, file, onBatch }: Tracking): Promise<Counts> {
  const earlier = await file?.read();
  let state = earlier === undefined ? await begin(client, apiUrl) : checked(earlier, apiUrl, ids);
  // A run that is cut in its first batch must be known to the next one.
  if (earlier === undefined) await file?.write(state);
  onBatch(state.done, state);
  for (let isResumed = earlier !== undefined; state.done < ids.length; isResumed = false) {
    const batch = ids.slice(state.done, state.done + BATCH);
    const doubts = client.doubts();
    const { accepted, known } = dataOf(await client.POST('/groups', { body: { result_ids: batch } }));
    if (accepted.length + known.length !== batch.length) {
      misused(`POST /groups answered for ${accepted.length + known.length} of ${batch.length} ids. Is API_URL right?`);
    }
    // The service may have executed an attempt whose answer was lost, and then calls its groups known.
    const isDoubtful = isResumed || client.doubts() > doubts;
    const own = isDoubtful ? await countTrackedSince(client, known, state.began_at) : 0;
    const done = state.done + batch.length;
    state = {
      ...state,
      done,
      sha256: hashOf(ids.slice(0, done)),
      accepted: state.accepted + accepted.length + own,
      known: state.known + known.length - own,
    };
    await file?.write(state);
    onBatch(done, state);
  }
  await file?.remove();
  return state;
}

async function begin(client: Client, apiUrl: string): Promise<TrackState> {
  // The first call also shows whether the address and the credentials are right.
  dataOf(await client.GET('/groups', { params: { query: { limit: 1 } } }));
  return {
    program: 'track',
    api_url: apiUrl,
    began_at: client.serverTime(),
    done: 0,
    sha256: hashOf([]),
    accepted: 0,
    known: 0,
  };
}

function checked(state: TrackState, apiUrl: string, ids: readonly string[]): TrackState {
  if (state.api_url !== apiUrl) {
    return misused(`The state file belongs to ${state.api_url}, and API_URL is ${apiUrl}. Delete it to begin anew.`);
  }
  if (state.done > ids.length || hashOf(ids.slice(0, state.done)) !== state.sha256) {
    return misused(
      `The list differs from the one of the state file within its first ${state.done} ids. Only ids at its end can be ` +
        'added. Delete the state file to begin anew: groups that are tracked already are then reported as known.',
    );
  }
  return state;
}

/** Counts the groups that are tracked since a time, ms since the epoch. */
async function countTrackedSince(client: Client, ids: readonly string[], since: number): Promise<number> {
  const isSince = await mapLimit(ids, PARALLEL, async (result_id) => {
    const { data } = await client.GET('/groups/{result_id}', { params: { path: { result_id } } });
    // A group that was erased meanwhile has no record.
    return data !== undefined && Date.parse(data.first_seen) >= since;
  });
  return isSince.filter((one) => one).length;
}
