import { UpstreamError } from '../../../functions/domain/upstream/errors.ts';
import { healthReport } from '../../../functions/health-deep/health.ts';
import { bodyAnswer, errorAnswer, HTML, UNUSABLE } from '../../bench/outage/answers.ts';
import { END_MS, type OutageOptions, simulateOutage } from '../../bench/outage/simulate.ts';

interface Sustained extends OutageOptions {
  readonly name: string;
}

const always = (answer: ReturnType<OutageOptions['answer']>) => ({ answer: () => answer });
const codeOf = (status: number, code: string) => always(errorAnswer(status, { code }));
const isOneOf = (id: string, groups: number) => Number(id.slice(0, 8)) < groups;

const CODE = /\b[A-Z]+_[A-Z_]+\b|\bFORBIDDEN\b/;

/** What AnyCheck sends for 40 s: all that is not usable, what counts neither way, and refusals of groups. */
export const SUSTAINED: readonly Sustained[] = [
  ...UNUSABLE.map(([name, answer]) => ({ name: name.replace(CODE, '`$&`'), ...always(answer) })),
  {
    name: 'no answer within 15 s',
    ...always(new UpstreamError('TIMED_OUT', 'AnyCheck did not answer in time')),
    latency: 15_000,
  },
  { name: '200 with HTML for 3 of the 40 groups', answer: (id) => (isOneOf(id, 3) ? bodyAnswer(HTML) : undefined) },
  {
    name: '403 `FORBIDDEN` for 3 of the 40 groups',
    answer: (id) => (isOneOf(id, 3) ? errorAnswer(403, { code: 'FORBIDDEN' }) : undefined),
  },
  { name: '404 `NOT_FOUND` for every group', ...codeOf(404, 'NOT_FOUND') },
  { name: '400 `INVALID_ID` for every group', ...codeOf(400, 'INVALID_ID') },
  {
    name: '`total` is one too many, for every group',
    ...always(bodyAnswer('{"total":2,"overall_status":"IN_PROGRESS","items":[{"id":"a","status":"IN_PROGRESS"}]}')),
  },
  { name: '429, or with a `Retry-After` of -1 or of the past', ...always(errorAnswer(429)) },
  { name: '429 with `Retry-After: 0.5`', ...always(errorAnswer(429, { retryAfter: 1 })) },
  { name: '429 with `Retry-After: 12.5`', ...always(errorAnswer(429, { retryAfter: 13 })) },
  { name: '503 with `Retry-After: 20`', ...always(errorAnswer(503, { retryAfter: 20 })) },
];

export interface SustainedOutcome {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly circuit: string;
  readonly health: string;
  readonly usable: string;
  readonly all: string;
}

const seconds = (ms: number | undefined) => (ms === undefined ? 'over 60 s' : `${(ms / 1000).toFixed(1)} s`);

/** The outcome of 40 s, in virtual time. */
export async function sustain({ name, ...options }: Sustained): Promise<SustainedOutcome> {
  const { calls, opened, budget, servedAfter, recoveredAfter } = await simulateOutage(options);
  const well = {
    oldestDue: { value: undefined },
    announcements: { value: { oldestDue: undefined, busFailedAt: undefined } },
    deadLetters: { value: 0 },
    webhooks: { value: { oldestDue: undefined, deadLetters: 0 } },
    lastSweep: { value: END_MS },
  };
  const { anycheck } = healthReport(
    { budget: { value: budget }, ...well },
    { lateSeconds: 60, unsweptSeconds: 60 },
    END_MS - 1,
  );
  return {
    name,
    first: calls(0, 10_000),
    last: calls(30_000, 40_000),
    circuit:
      opened.length > 0 ? `opens: ${opened.join()}` : budget.pausedUntil > END_MS ? 'closed, calls pause' : 'closed',
    health: anycheck.reason === null ? anycheck.status : `${anycheck.status}, ${anycheck.reason}`,
    usable: seconds(servedAfter),
    all: seconds(recoveredAfter),
  };
}
