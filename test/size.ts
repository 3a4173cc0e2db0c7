/** How much of the tests that draw their cases one run draws. */
export interface Size {
  readonly name: 'sampled' | 'full';
  /** Requests of the fuzz. */
  readonly fuzzRequests: number;
  /** Schedules of the race suite, on each engine. */
  readonly raceRuns: number;
  /** Items of a list that AnyCheck lists in another order at every call. Two pages take some 10 calls, three some 30. */
  readonly shuffledItems: number;
  /** Groups of arbitrary values, on each engine. */
  readonly valueRuns: number;
  /** Bursts of webhooks in virtual time. */
  readonly burstRuns: number;
  /** Ids that `npm run track` tracks through faults and a kill. */
  readonly trackedIds: number;
  /** Deaths of each scenario of the kill suite: before and after every call, or at every third kind of call. */
  readonly deaths: 'all' | 'sampled';
}

const FULL: Size = {
  name: 'full',
  fuzzRequests: 10_240,
  raceRuns: 60,
  shuffledItems: 250,
  valueRuns: 40,
  burstRuns: 500,
  trackedIds: 2_000,
  deaths: 'all',
};
const SAMPLED: Size = {
  name: 'sampled',
  fuzzRequests: 1_024,
  raceRuns: 6,
  shuffledItems: 120,
  valueRuns: 6,
  burstRuns: 12,
  trackedIds: 350,
  deaths: 'sampled',
};

/** `vitest run --mode full` runs the full size; every other run is sampled. */
export function sizeOf(mode: string, env: NodeJS.ProcessEnv): Size {
  const size = mode === 'full' ? FULL : SAMPLED;
  return {
    ...size,
    fuzzRequests: Number(env.FUZZ_REQUESTS ?? size.fuzzRequests),
    raceRuns: Number(env.RACE_RUNS ?? size.raceRuns),
    burstRuns: Number(env.BURST_RUNS ?? size.burstRuns),
    trackedIds: Number(env.TRACKED_IDS ?? size.trackedIds),
  };
}

/** What the cases of a run are drawn from: `TEST_SEED` repeats a run. */
export const seedOf = (env: NodeJS.ProcessEnv): number =>
  Number(env.TEST_SEED ?? env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

declare module 'vitest' {
  interface ProvidedContext {
    size: Size;
    seed: number;
  }
}

/** The test files that a sampled run leaves out: the longest ones of parts that seldom change, that a bench covers, or that need a browser. */
export const FULL_ONLY: readonly string[] = [
  'test/console/**',
  'test/e2e/access/abuse.test.ts',
  'test/e2e/operations/alarms.test.ts',
  'test/e2e/reads/load.test.ts',
  'test/e2e/anycheck-webhook/bursts.test.ts',
  'test/engine/bench/outage.test.ts',
  'test/engine/bench/sweep.test.ts',
  'test/engine/bench/upstream.test.ts',
  'test/engine/bin/restore.test.ts',
  'test/engine/lib/synthesis.test.ts',
];
