import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListRequest } from '../../../../functions/domain/read/list-request.ts';
import type { ListedPage } from '../../../../functions/domain/read/listed-page.ts';
import { listReply } from '../../../../functions/verifications/reply.ts';

const BEGAN = Date.UTC(2026, 10, 29, 0, 6, 41);
const secondOf = (ms: number) => Math.floor(ms / 1000) * 1000;
const httpDateOf = (ms: number) => new Date(ms).toUTCString();

interface State {
  readonly version: number;
  readonly revision: number;
  readonly since: number;
  readonly publishedAt: number;
  readonly revisedAt: number;
  readonly redactedAt?: number;
}
const FIRST: State = { version: 1, revision: 1, since: 1, publishedAt: BEGAN + 333, revisedAt: BEGAN + 334 };

const pageOf = ({ redactedAt, ...state }: State): ListedPage => ({
  snapshot: {
    ...state,
    began: BEGAN,
    fetchedAt: state.publishedAt - 100,
    totalText: '1',
    overallStatusText: '"COMPLETED"',
    phase: 'settled',
    hadItems: true,
    isRedacted: false,
    content: 'content',
    bytes: `bytes-${state.revision}`,
    inline: undefined,
    pages: [],
  },
  joined: () => [Buffer.from('{}')],
  items: () => ['{}'],
  isRedacted: redactedAt !== undefined,
  isCurrent: true,
  age: 0,
  storedAt: Math.max(state.publishedAt, state.revisedAt, redactedAt ?? 0),
});

interface Conditions {
  readonly since?: string;
  readonly tag?: string;
  readonly version?: number;
  readonly now?: number;
}
function reply(state: State, { since = '', tag = '', version, now = BEGAN + 3_600_000 }: Conditions = {}) {
  const request: ListRequest = {
    resultId: 'any',
    offset: 0,
    size: 10,
    version,
    asOf: undefined,
    maxAge: undefined,
  };
  const negotiation = { ifNoneMatch: tag, ifModifiedSince: since };
  return listReply(pageOf(state), request, negotiation, now);
}
const statusOf = (...args: Parameters<typeof reply>) => reply(...args).status;
const lastModified = (state: State) => reply(state).headers?.['last-modified'] ?? '';

describe('If-Modified-Since', () => {
  const second: State = { version: 2, revision: 2, since: 2, publishedAt: BEGAN + 60_400, revisedAt: BEGAN + 60_400 };

  it('is 304 from the second after the last write, once that second is over', () => {
    const since = httpDateOf(secondOf(second.publishedAt) + 1000);
    expect(statusOf(second, { since })).toBe(304);
    expect(statusOf(second, { since, now: secondOf(second.publishedAt) + 1999 })).toBe(200);
    expect(statusOf(second, { since, now: secondOf(second.publishedAt) + 2000 })).toBe(304);
  });

  it('is 200 for the second of the last write: the caller may have read the version before in it', () => {
    expect(statusOf(second, { since: lastModified(second) })).toBe(200);
    expect(statusOf(second, { since: lastModified(FIRST) })).toBe(200);
  });

  it('is 304 for the Last-Modified of what its address never had in another form', () => {
    expect(statusOf(FIRST, { since: lastModified(FIRST) })).toBe(304);
    expect(statusOf(FIRST, { since: lastModified(FIRST), now: BEGAN + 999 })).toBe(200);
    expect(statusOf(FIRST, { since: httpDateOf(BEGAN - 1000) })).toBe(200);
    expect(statusOf(second, { since: lastModified(second), version: 2 })).toBe(304);
    expect(statusOf({ ...FIRST, revision: 2, revisedAt: BEGAN + 900 }, { since: lastModified(FIRST) })).toBe(200);
    expect(statusOf({ ...FIRST, redactedAt: BEGAN + 900 }, { since: lastModified(FIRST) })).toBe(200);
  });

  it.each(['', 'yesterday', '0', '1795910801', new Date(BEGAN + 100_000).toISOString(), '-1', 'Sun, 29 Nov 2026'])(
    'of "%s" is ignored',
    (since) => {
      expect(statusOf(FIRST, { since })).toBe(200);
    },
  );

  it('of the future is 200', () => {
    expect(statusOf(FIRST, { since: httpDateOf(BEGAN + 7_200_000) })).toBe(200);
  });

  it('beside If-None-Match counts for nothing', () => {
    const since = httpDateOf(BEGAN + 100_000);
    expect(statusOf(FIRST, { since })).toBe(304);
    expect(statusOf(FIRST, { since, tag: '"other"' })).toBe(200);
    expect(statusOf(second, { since: lastModified(second), tag: '*' })).toBe(304);
  });

  it('never confirms to a caller what is not served any more, and confirms the rest a second later', () => {
    const write = fc.record({
      gap: fc.integer({ min: 1, max: 1_500 }),
      kind: fc.constantFrom('version', 'revision', 'redaction'),
    });
    const reads = fc.array(fc.integer({ min: 0, max: 12_000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 8 }), reads, (writes, times) => {
        const states: { readonly at: number; readonly state: State }[] = [{ at: FIRST.revisedAt, state: FIRST }];
        for (const { gap, kind } of writes) {
          const { at: before, state } = states.at(-1) ?? { at: 0, state: FIRST };
          const at = before + gap;
          const revision = state.revision + 1;
          const made = {
            version: { ...state, version: state.version + 1, revision, since: revision, publishedAt: at },
            revision: { ...state, revision, revisedAt: at },
            redaction: { ...state, redactedAt: state.redactedAt ?? at },
          };
          states.push({ at, state: made[kind] });
        }
        const stateAt = (at: number) => states.findLast((one) => one.at <= at) ?? { at: 0, state: FIRST };
        const [first = 0, ...others] = times.map((time) => FIRST.revisedAt + time).toSorted((a, b) => a - b);
        const held = stateAt(first).state;
        for (const now of others) {
          const { at, state } = stateAt(now);
          for (const since of [lastModified(held), httpDateOf(secondOf(first))]) {
            const status = statusOf(state, { since, now });
            if (status === 304) expect(reply(state).headers?.etag).toBe(reply(held).headers?.etag);
          }
          const quiet = secondOf(at) + 1000;
          if (now >= quiet + 1000) expect(statusOf(state, { since: httpDateOf(quiet), now })).toBe(304);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
