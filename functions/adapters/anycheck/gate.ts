import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  type BudgetSettings,
  isShut,
  type Lane,
  PROBE_EVERY,
  type TRY_AGAIN,
  type Turn,
  turnOf,
} from '../../domain/upstream/budget.ts';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import { budgetRow } from '../dynamodb/budget-row.ts';
import type { Answer } from './http.ts';
import { type Counted, type GateEvent, lessons, type Verdict } from './lessons.ts';

export interface GateDeps {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly lane: Lane;
  readonly settings: BudgetSettings;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly tell: (event: GateEvent, seconds?: number) => void;
  readonly count: (what: Counted) => void;
}

interface Call {
  /** The version of the credentials that it is made with. */
  readonly credentials: string;
  /** Whose list is asked for; undefined for a login. */
  readonly group?: string;
  readonly signal: AbortSignal;
  readonly ask: () => Promise<Answer>;
}

/** The one way to AnyCheck: every call of the whole fleet waits for its turn here, and what it came to is learned from. */
export interface Gate {
  /**
   * @returns the answer, and what it means for all others.
   * @throws UpstreamError HELD_BACK or REFUSED without a call, also where the caller's time ends first; or the call's own.
   */
  pass(call: Call): Promise<{ readonly answer: Answer; readonly verdict: Verdict }>;
  /** AnyCheck doesn't take these credentials, and there are no others: nobody asks with them for a while. */
  refuse(credentials: string, kind: keyof typeof TRY_AGAIN): Promise<void>;
}

/** ms of waiting after which it is worth asking whether the turn still stands; ms that those who wait differ by. */
const LONG = 300;
const JITTER = 30;
/** ms that a call of which the caller grew tired must have taken to count as AnyCheck's failure. */
const SLOW = 3_000;

export function gate({ client, table, lane, settings, now, tell, count }: GateDeps): Gate {
  const row = budgetRow(client, table);
  const { answered, failed, refused } = lessons({ row, now, tell, count });
  let line: Promise<unknown> = Promise.resolve();
  let isFirst = true;

  /** Takes a turn. @returns when it comes, ms since the epoch; undefined where somebody else was there first. */
  async function take(turn: Exclude<Turn, { kind: 'closed' }>, credentials: string): Promise<number | undefined> {
    const at = now();
    const values = { ':now': at };
    if (turn.kind === 'probe') {
      return (await row.write({ set: { probe_at: at + PROBE_EVERY }, when: 'probe_at <= :now', values }))
        ? at
        : undefined;
    }
    if (turn.kind === 'trial') {
      const set = { refused_until: at + row.known.refusedFor };
      return (await row.write({ set, when: 'refused_until <= :now', values })) ? at : undefined;
    }
    return takeNext(turn, credentials);
  }

  async function takeNext({ of, interval, floor, horizon }: Extract<Turn, { kind: 'line' }>, credentials: string) {
    const at = now();
    const name = `taken_${of}`;
    const open = [
      'attribute_not_exists(probe_at)',
      '(attribute_not_exists(held_until) OR held_until <= :now)',
      '(attribute_not_exists(refused) OR refused <> :credentials)',
    ].join(' AND ');
    const isTaken =
      row.known.taken[of] <= floor
        ? await row.write({
            set: { [name]: floor + interval },
            when: `(attribute_not_exists(${name}) OR ${name} <= :floor) AND ${open}`,
            values: { ':now': at, ':credentials': credentials, ':floor': floor },
          })
        : await row.write({
            add: { [name]: interval },
            when: `${name} > :floor AND ${name} <= :horizon AND ${open}`,
            values: { ':now': at, ':credentials': credentials, ':floor': floor, ':horizon': horizon },
          });
    return isTaken ? Math.max(at, row.known.taken[of] - interval) : undefined;
  }

  async function enter({ credentials, signal }: Call): Promise<void> {
    for (let isFresh = isFirst; ; isFresh = true) {
      if (isFresh) await row.read();
      isFirst = false;
      const turn = turnOf(row.known, { lane, credentials, now: now(), settings });
      if (turn.kind === 'closed') {
        if (!isFresh) continue;
        if (!turn.patient) throw closed(turn, now());
        await sleep(Math.max(0, turn.until - now()) + Math.random() * JITTER, undefined, { signal });
        continue;
      }
      const at = await take(turn, credentials);
      if (at === undefined) continue;
      const wait = at - now();
      if (wait > 0) await sleep(wait, undefined, { signal });
      signal.throwIfAborted();
      if (wait < LONG || !isShut(await row.read(), now())) return;
    }
  }

  /** One after the other: the pages of one group don't compete for the row. */
  function inLine<T>(task: () => Promise<T>): Promise<T> {
    const turn = line.then(task);
    line = turn.catch(() => {});
    return turn;
  }

  return {
    async pass(call) {
      const { group, signal, ask } = call;
      await inLine(() => enter(call)).catch((cause: unknown) => {
        if (cause instanceof UpstreamError) throw cause;
        if (signal.aborted) {
          throw new UpstreamError('HELD_BACK', 'the turn to ask AnyCheck did not come in time', {
            cause,
            fleetWide: true,
          });
        }
        throw new UpstreamError('UNAVAILABLE', 'the AnyCheck budget could not be shared', { cause });
      });
      count('call');
      if (group === undefined) count('login');
      const begun = now();
      const answer = await ask().catch(async (error: unknown) => {
        if (!(error instanceof UpstreamError)) throw error;
        const isAnyCheck = !signal.aborted || now() - begun >= SLOW;
        const isFailure = error.reason === 'UNAVAILABLE' || (error.reason === 'TIMED_OUT' && isAnyCheck);
        if (!isFailure || !(await failed(group))) throw error;
        throw new UpstreamError(error.reason, error.message, { cause: error, fleetWide: true });
      });
      return { answer, verdict: await answered(answer, group) };
    },
    refuse: refused,
  };
}

function closed({ until, refused }: Extract<Turn, { kind: 'closed' }>, now: number): UpstreamError {
  const retryAfter = Math.max(1, Math.ceil((until - now) / 1000));
  return refused
    ? new UpstreamError('REFUSED', 'AnyCheck refuses the credentials', { fleetWide: true })
    : new UpstreamError('HELD_BACK', 'AnyCheck is not asked for now', { fleetWide: true, retryAfter });
}
