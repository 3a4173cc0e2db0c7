import { erase, redact } from '../../../functions/domain/erasure/erase.ts';
import { trackGroups } from '../../../functions/domain/groups/track-groups.ts';
import { listVerifications } from '../../../functions/domain/read/list-verifications.ts';
import { refreshDue } from '../../../functions/domain/refresh/refresh-due.ts';
import { requestRefresh } from '../../../functions/domain/refresh/request-refresh.ts';
import { sweep } from '../../../functions/domain/refresh/sweep.ts';
import { apiErrorOf } from '../../../functions/runtime/rest/api-error.ts';
import { parseListRequest } from '../../../functions/verifications/list-query.ts';
import type { Kind } from './contents.ts';
import type { Parts } from './parts.ts';
import type { Stage } from './stage.ts';
import { receive, work } from './worker.ts';

/** The work of one process of the service, which dies at one of its calls. */
export interface Scenario {
  readonly name: string;
  /** Prepares a group in the test's process. @returns its result id. */
  prepare(stage: Stage): Promise<string>;
  /** Runs in a process of its own. @returns the outcome. */
  run(parts: Parts, resultId: string): Promise<string>;
  /** The outcome without a death. */
  readonly ends: string;
}

const MINUTE = 60_000;
const LONG_AGO = -120 * MINUTE;
const A_DAY_AGO = -25 * 60 * MINUTE;
/** When a group that is unchanged since LONG_AGO must be refreshed, so that it is next due in two minutes. */
const DUE_SOON = LONG_AGO + (122 * MINUTE) / 1.2;
/** Calls after which one refresh fails. */
const TRIES = 3;
/** Groups that a sweep queues: more than one batch of messages takes. */
const SWEPT = 12;

async function refreshOnce(parts: Parts, resultId: string): Promise<string> {
  const { schedule } = await parts.store.read(resultId);
  const message = { resultId, due: schedule?.due ?? 0, deliveries: 1 };
  return (await refreshDue(parts, message, parts.signal)).kind;
}

async function read(parts: Parts, resultId: string, cacheControl = ''): Promise<string> {
  const request = parseListRequest(`result_id=${resultId}&page_size=100`, cacheControl);
  try {
    return `version ${(await listVerifications(parts, request, () => parts.signal)).snapshot.version}`;
  } catch (error) {
    const answer = apiErrorOf(error);
    if (answer) return String(answer.status);
    throw error;
  }
}

const workOnce = async (parts: Parts): Promise<string> => (await work(parts)) ?? 'nothing';

/** A group that changed after its only refresh. */
async function changed(stage: Stage, kind: Kind, to = kind): Promise<string> {
  const id = await stage.track(LONG_AGO, kind);
  stage.change(id, to);
  return id;
}

/** A group of two versions. */
async function withHistory(stage: Stage, kind: Kind): Promise<string> {
  const id = await changed(stage, kind);
  await stage.refresh(id, DUE_SOON);
  return id;
}

/** Every use case that writes or queues. A new one is one more entry: its kill points are found by running it. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a refresh that finds nothing new',
    prepare: (stage) => stage.track(LONG_AGO, 'few'),
    run: refreshOnce,
    ends: 'unchanged',
  },
  {
    name: 'a refresh that publishes a change inline',
    prepare: (stage) => changed(stage, 'few'),
    run: refreshOnce,
    ends: 'published',
  },
  {
    name: 'a refresh that publishes a change in pages',
    prepare: (stage) => changed(stage, 'many'),
    run: refreshOnce,
    ends: 'published',
  },
  {
    name: 'a refresh by which a group outgrows its row',
    prepare: (stage) => changed(stage, 'few', 'many'),
    run: refreshOnce,
    ends: 'published',
  },
  {
    name: 'a refresh that renews links in pages',
    prepare: (stage) => changed(stage, 'linked'),
    run: refreshOnce,
    ends: 'revised',
  },
  {
    name: 'a refresh that finds a publish that died when its links were renewed',
    async prepare(stage) {
      const id = await changed(stage, 'linked');
      await stage.die(id, 'renewPages');
      stage.change(id, 'linked');
      return id;
    },
    run: refreshOnce,
    ends: 'revised',
  },
  {
    name: 'a refresh that finds a publish that died before its advance',
    async prepare(stage) {
      const id = await changed(stage, 'many');
      await stage.die(id, 'putPages');
      stage.change(id, 'many');
      return id;
    },
    run: refreshOnce,
    ends: 'published',
  },
  {
    name: 'a refresh that finds a publish that died after its advance',
    async prepare(stage) {
      const id = await changed(stage, 'many');
      await stage.die(id, 'advance');
      return id;
    },
    run: refreshOnce,
    ends: 'unchanged',
  },
  {
    name: 'a refresh that finds a first publish that died',
    async prepare(stage) {
      const id = stage.add('many');
      await stage.die(id, 'putPages');
      return id;
    },
    run: refreshOnce,
    ends: 'published',
  },
  {
    name: 'a refresh that AnyCheck fails',
    async prepare(stage) {
      const id = await changed(stage, 'few');
      stage.fail(id, { kind: 'status', status: 500, times: TRIES });
      return id;
    },
    run: refreshOnce,
    ends: 'failed',
  },
  {
    name: 'a refresh that AnyCheck throttles',
    async prepare(stage) {
      const id = await changed(stage, 'few');
      stage.fail(id, { kind: 'status', status: 429 });
      return id;
    },
    run: refreshOnce,
    ends: 'failed',
  },
  {
    name: 'a refresh that forgets an empty group',
    prepare: (stage) => stage.track(A_DAY_AGO, 'none'),
    run: refreshOnce,
    ends: 'forgotten',
  },
  {
    name: 'a first read',
    prepare: async (stage) => stage.add('few'),
    run: read,
    ends: 'version 1',
  },
  {
    name: 'a first read of a group in pages',
    prepare: async (stage) => stage.add('many'),
    run: read,
    ends: 'version 1',
  },
  {
    name: 'a first read of which AnyCheck’s answer is cut off',
    async prepare(stage) {
      const id = stage.add('few');
      stage.fail(id, { kind: 'truncate' });
      return id;
    },
    run: read,
    ends: '503',
  },
  {
    name: 'a first read of a group that AnyCheck does not know',
    prepare: async (stage) => stage.unknown(),
    run: read,
    ends: '404',
  },
  {
    name: 'a forced read of a changed group',
    prepare: (stage) => changed(stage, 'few'),
    run: (parts, id) => read(parts, id, 'no-cache'),
    ends: 'version 2',
  },
  {
    name: 'a plain read of an old snapshot',
    async prepare(stage) {
      const id = await stage.track(LONG_AGO, 'few');
      await stage.refresh(id, DUE_SOON);
      stage.change(id, 'few');
      return id;
    },
    run: read,
    ends: 'version 1',
  },
  {
    name: 'a refresh request for a group that is not due',
    async prepare(stage) {
      const id = await stage.track(LONG_AGO, 'few');
      await stage.refresh(id, DUE_SOON);
      stage.change(id, 'few');
      return id;
    },
    run: (parts, id) => requestRefresh(parts, id).then(() => 'queued'),
    ends: 'queued',
  },
  {
    name: 'a refresh request for a group that is due',
    prepare: (stage) => changed(stage, 'few'),
    run: (parts, id) => requestRefresh(parts, id).then(() => 'queued'),
    ends: 'queued',
  },
  {
    name: 'a sweep',
    async prepare(stage) {
      const ids = await Promise.all(Array.from({ length: SWEPT }, () => stage.track(LONG_AGO, 'few')));
      for (const id of ids) stage.change(id, 'few');
      return ids[0] ?? '';
    },
    run: (parts) => sweep(parts, SWEPT).then(() => 'queued'),
    ends: 'queued',
  },
  {
    name: 'a worker with a message',
    async prepare(stage) {
      const id = await changed(stage, 'few');
      await sweep(stage.at(0), 1);
      return id;
    },
    run: workOnce,
    ends: 'published',
  },
  {
    name: 'a worker with a message that a worker died at',
    async prepare(stage) {
      const id = await changed(stage, 'few');
      await sweep(stage.at(0), 1);
      await receive(stage.at(0));
      await stage.reappear();
      return id;
    },
    run: workOnce,
    ends: 'published',
  },
  {
    name: 'a worker that announces what a reader published',
    async prepare(stage) {
      const id = await changed(stage, 'few');
      await read(stage.at(0), id, 'no-cache');
      return id;
    },
    run: refreshOnce,
    ends: 'announced',
  },
  {
    name: 'a refresh that finds versions that the bus did not accept',
    async prepare(stage) {
      const id = await stage.track(LONG_AGO, 'few');
      for (const offset of [LONG_AGO / 2, LONG_AGO / 3]) {
        stage.change(id, 'few');
        await read(stage.at(offset), id, 'no-cache');
      }
      stage.change(id, 'few');
      await requestRefresh(stage.at(0), id);
      return id;
    },
    run: refreshOnce,
    ends: 'published',
  },
  {
    name: 'a worker with a message that is out of date',
    async prepare(stage) {
      const id = await stage.track(LONG_AGO, 'few');
      await sweep(stage.at(0), 1);
      await stage.refresh(id, DUE_SOON);
      return id;
    },
    run: workOnce,
    ends: 'dropped',
  },
  {
    name: 'an erasure',
    prepare: (stage) => withHistory(stage, 'many'),
    run: (parts, id) => erase(parts, id).then(() => 'erased'),
    ends: 'erased',
  },
  {
    name: 'a worker that cleans up after an erasure',
    async prepare(stage) {
      const id = await withHistory(stage, 'many');
      await erase(stage.at(0), id);
      return id;
    },
    run: workOnce,
    ends: 'erased',
  },
  {
    name: 'a worker that cleans up after an erasure that died',
    async prepare(stage) {
      const id = await withHistory(stage, 'few');
      const { store, ...others } = stage.at(0);
      const dead = async () => {
        throw new Error('died');
      };
      await erase({ ...others, store: { ...store, fenceTombstone: dead } }, id).catch(() => {});
      return id;
    },
    run: refreshOnce,
    ends: 'erased',
  },
  {
    name: 'tracking an erased group anew',
    async prepare(stage) {
      const id = await withHistory(stage, 'few');
      await erase(stage.at(0), id);
      return id;
    },
    run: async (parts, id) => `${(await trackGroups(parts, [id])).accepted.length} accepted`,
    ends: '1 accepted',
  },
  {
    name: 'tracking a group',
    prepare: async (stage) => stage.add('few'),
    run: async (parts, id) => `${(await trackGroups(parts, [id])).accepted.length} accepted`,
    ends: '1 accepted',
  },
  {
    name: 'a redaction',
    prepare: (stage) => withHistory(stage, 'many'),
    run: async (parts, id) => ((await redact(parts, id)) ? 'redacted' : 'unknown'),
    ends: 'redacted',
  },
  {
    name: 'a worker that redacts what is stored in pages',
    async prepare(stage) {
      const id = await withHistory(stage, 'many');
      await redact(stage.at(0), id);
      return id;
    },
    run: workOnce,
    ends: 'unchanged',
  },
  {
    name: 'a worker that redacts what is stored inline, of a group that changed meanwhile',
    async prepare(stage) {
      const id = await withHistory(stage, 'few');
      await redact(stage.at(0), id);
      stage.change(id, 'many');
      return id;
    },
    run: refreshOnce,
    ends: 'published',
  },
];
