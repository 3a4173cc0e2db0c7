import { randomUUID } from 'node:crypto';
import type { GroupEvent } from '../../../functions/domain/events/event.ts';
import { listVerifications } from '../../../functions/domain/read/list-verifications.ts';
import { refreshDue } from '../../../functions/domain/refresh/refresh-due.ts';
import { parseListRequest } from '../../../functions/verifications/list-query.ts';
import type { FaultRequest } from '../../../lib/sandbox/controls/control-requests.ts';
import { rowsOf } from '../../fakes/engine.ts';
import { contents, type Kind } from './contents.ts';
import { type Parts, type Place, partsAt } from './parts.ts';
import { work } from './worker.ts';
import type { Resources, World } from './world.ts';

/** A list that AnyCheck held. */
export interface State {
  readonly items: readonly string[];
  /** When it began to be so, ms since the epoch. */
  readonly since: number;
}

/** One run of a scenario: a table and a queue of its own, and AnyCheck's groups in it. */
export interface Stage extends Pick<Resources, 'messages' | 'reappear'> {
  readonly place: Place;
  /** AnyCheck's lists of each group, oldest first; none for a group that it doesn't know. */
  readonly groups: ReadonlyMap<string, readonly State[]>;
  /** The service in this process. @param offset ms that its clock is ahead. */
  at(offset: number): Parts;
  /** A group that AnyCheck knows, and the service doesn't. @returns its result id. */
  add(kind: Kind): string;
  /** The id of a group that neither AnyCheck nor the service knows. */
  unknown(): string;
  /** A group that the service knows since `offset`. */
  track(offset: number, kind: Kind): Promise<string>;
  /** AnyCheck holds another list from now on. */
  change(resultId: string, kind: Kind): void;
  /** AnyCheck answers the next calls for a group with a fault. */
  fail(resultId: string, fault: FaultRequest): void;
  /** A look at a group that is known, a first read of one that isn't. */
  refresh(resultId: string, offset: number): Promise<void>;
  /** The same, by a process that died after that write. */
  die(resultId: string, write: 'putPages' | 'renewPages' | 'advance'): Promise<void>;
  rows(): Promise<Record<string, unknown>[]>;
  /** What a consumer of the event bus has heard of a group. */
  heard(resultId: string): readonly GroupEvent[];
  /** When AnyCheck last gave a group's list, ms since the epoch. */
  answered(resultId: string): number;
}

/** ms: when a scenario's dead publisher died. */
const DIED = -600_000;

export async function openStage({ client, sqs, eventBridge, heard, sandbox, resources }: World): Promise<Stage> {
  const { table, ledgerTable, queueUrl, busName, messages, reappear } = await resources();
  const { apiKey } = sandbox.credentials;
  const place: Place = { table, ledgerTable, queueUrl, busName, anycheckUrl: sandbox.url, apiKey };
  const groups = new Map<string, State[]>();
  const hold = (resultId: string, kind: Kind, since: number) => {
    const states = groups.get(resultId) ?? [];
    const items = contents(kind, states.length);
    sandbox.controls.setGroup(resultId, `{"overall_status":"IN_PROGRESS","items":[${items.join()}]}`);
    groups.set(resultId, [...states, { items, since }]);
  };
  const added = (kind: Kind, since: number) => {
    const resultId = randomUUID();
    hold(resultId, kind, since);
    return resultId;
  };
  const at = (offset: number) => partsAt(place, { client, sqs, eventBridge, now: () => Date.now() + offset });
  const refreshAs = async (parts: Parts, resultId: string): Promise<void> => {
    const { schedule } = await parts.store.read(resultId);
    if (schedule) await refreshDue(parts, { resultId, due: schedule.due ?? 0, deliveries: 1 }, parts.signal);
    else await listVerifications(parts, parseListRequest(`result_id=${resultId}`, ''), () => parts.signal);
  };

  return {
    place,
    groups,
    messages,
    reappear,
    at,
    add: (kind) => added(kind, Date.now()),
    unknown() {
      const resultId = randomUUID();
      groups.set(resultId, []);
      return resultId;
    },
    async track(offset, kind) {
      const resultId = added(kind, Date.now() + offset);
      await refreshAs(at(offset), resultId);
      // A worker announces what the first reader published.
      while (await work(at(offset)));
      return resultId;
    },
    change: (resultId, kind) => hold(resultId, kind, Date.now()),
    fail: (resultId, fault) => sandbox.controls.addFaults({ ...fault, result_id: resultId }),
    refresh: (resultId, offset) => refreshAs(at(offset), resultId),
    async die(resultId, write) {
      const parts = at(DIED);
      const { store } = parts;
      const death = new Error(`died after ${write}`);
      const dying: typeof store = {
        ...store,
        async putPages(...args) {
          await store.putPages(...args);
          if (write === 'putPages') throw death;
        },
        async renewPages(...args) {
          const left = await store.renewPages(...args);
          if (write === 'renewPages') throw death;
          return left;
        },
        async advance(...args) {
          await store.advance(...args);
          throw death;
        },
      };
      const cause = await refreshAs({ ...parts, store: dying }, resultId).catch((error: unknown) => error);
      if (cause !== death) throw new Error(`no process died after ${write}`, { cause });
    },
    rows: () => rowsOf(client, table),
    heard,
    answered(resultId) {
      const { calls } = sandbox.controls.calls();
      const given = calls.filter(({ path, status }) => status === 200 && path.includes(resultId));
      return Math.max(Number.NEGATIVE_INFINITY, ...given.map((call) => Date.parse(call.at)));
    },
  };
}
