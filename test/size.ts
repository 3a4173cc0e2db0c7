/** How much of the tests that draw their cases one run draws. */
export interface Size {
  readonly name: 'sampled' | 'full';
  /** Requests of the fuzz. */
  readonly fuzzRequests: number;
  /** Schedules of the race suite, on each engine. */
  readonly raceRuns: number;
  /** Items of a list that AnyCheck lists in another order at every call. Two pages take some 10 calls, three some 30. */
  readonly shuffledItems: number;
  /** Seconds of the load test. */
  readonly loadSeconds: number;
  /** Groups of arbitrary values, on each engine. */
  readonly valueRuns: number;
  /** Bursts of webhooks in virtual time. */
  readonly burstRuns: number;
  /** Bursts of webhooks on the local run. */
  readonly localBursts: number;
  /** Deaths of each scenario of the kill suite: before and after every call, or at every second kind of call. */
  readonly deaths: 'all' | 'sampled';
}

const FULL: Size = {
  name: 'full',
  fuzzRequests: 10_240,
  raceRuns: 60,
  shuffledItems: 250,
  loadSeconds: 20,
  valueRuns: 40,
  burstRuns: 2_000,
  localBursts: 50,
  deaths: 'all',
};
const SAMPLED: Size = {
  name: 'sampled',
  fuzzRequests: 1_024,
  raceRuns: 6,
  shuffledItems: 120,
  loadSeconds: 8,
  valueRuns: 8,
  burstRuns: 12,
  localBursts: 2,
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
    localBursts: Number(env.LOCAL_BURSTS ?? size.localBursts),
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
