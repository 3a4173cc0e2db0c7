import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { FULL_ONLY, seedOf, sizeOf } from './test/size.ts';
import SlowestFirst from './test/slowest-first.ts';
import Totals from './test/totals.ts';

const KILL = 'test/engine/kill/kill.test.ts';

export default defineConfig(({ mode }) => {
  const size = sizeOf(mode, process.env);
  const seed = seedOf(process.env);
  // What is named is run at any size.
  const isNamed = process.argv.slice(2).some((one) => one.includes('test/') || one.includes('console'));
  const leftOut = size.name === 'full' || isNamed ? [] : FULL_ONLY;
  /** @param more workers than cores. */
  const projectAt = (groupOrder: number, more = 0) => ({
    testTimeout: 30_000,
    hookTimeout: 60_000,
    provide: { size, seed },
    // Files of one worker share what they import: loading the CDK and the AWS SDK takes longer than most files.
    isolate: false,
    maxWorkers: availableParallelism() + more,
    sequence: { groupOrder },
  });
  return {
    test: {
      reporters: ['default', new Totals(`${size.name} size, TEST_SEED=${seed}`)],
      globalSetup: ['test/temporary.ts'],
      sequence: { sequencer: SlowestFirst },
      projects: [
        // Pure: no engine, no bundle, no network, no process.
        {
          test: {
            ...projectAt(0),
            name: 'unit',
            include: ['test/unit/**/*.test.ts'],
            setupFiles: ['test/unit/pure.ts'],
          },
        },
        {
          test: { ...projectAt(1), name: 'engine', include: ['test/engine/**/*.test.ts'], exclude: [KILL, ...leftOut] },
        },
        // Of the engine tier, too, but it keeps every core busy by itself.
        { test: { ...projectAt(2), name: 'kill', include: [KILL] } },
        // Most of these tests wait, and some say for how long at most: they run after all that computes.
        {
          test: {
            // In a full run, a suite of several stacks runs beside the others.
            ...projectAt(3, size.name === 'full' ? 0 : 1),
            name: 'e2e',
            include: ['test/e2e/**/*.test.ts'],
            exclude: [...leftOut],
            globalSetup: ['test/e2e/stack/setup.ts'],
          },
        },
        // In a browser.
        {
          test: {
            ...projectAt(4),
            testTimeout: 60_000,
            name: 'console',
            include: ['test/console/**/*.test.ts'],
            exclude: [...leftOut],
            globalSetup: ['test/console/setup.ts'],
            expect: { poll: { timeout: 15_000 } },
          },
        },
      ],
    },
  };
});
